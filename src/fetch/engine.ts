import { failure, type Failure } from '../model/failure.ts';
import type { FetchRecord } from '../model/record.ts';
import type { ResolvedOptions } from '../model/options.ts';
import type { EngineStats } from '../model/stats.ts';
import type { Task } from '../model/task.ts';
import type { Milliseconds } from '../model/units.ts';
import { Admission } from './admission.ts';
import { createTurn } from './http/connection.ts';
import { createConnector, type Connect, type ConnectorSettings } from './http/connector.ts';
import { Deadlines } from './deadlines.ts';
import { Endings } from './endings.ts';
import { Feed } from './feed.ts';
import type { Identity } from './identity.ts';
import { LanePool } from './lane-pool.ts';
import type { Lane, LaneOwner } from './lane.ts';
import { limitsOf, type LaneLimits } from './limits.ts';
import { Output } from './output.ts';

/** What the engine cannot read for itself: files, and replacements for tests. */
export interface EngineSettings extends Pick<ConnectorSettings, 'ca' | 'resolver'> {
  /** In [0, 1); for jitter. */
  readonly random?: (() => number) | undefined;
  /** Adds to requests what says who we are. */
  readonly identity?: Identity | undefined;
}

/**
 * Reads tasks ahead, has them admitted, and makes a record of each. Inside there are callbacks only;
 * outside it is one async iterable of batches, and a consumer that does not take them stops
 * admission, which stops the reading. Used for one run.
 */
export class Engine implements LaneOwner {
  readonly limits: LaneLimits;
  readonly connect: Connect;
  readonly identity: Identity | undefined;
  readonly turn = createTurn();
  readonly #options: ResolvedOptions;
  readonly #pool: LanePool;
  readonly #admission: Admission;
  readonly #deadlines: Deadlines;
  readonly #output: Output;
  readonly #feed = new Feed();
  readonly #endings: Endings;
  #read = 0;
  #finished = 0;
  #isStopping = false;

  constructor(options: ResolvedOptions, settings: EngineSettings = {}) {
    this.#options = options;
    this.limits = limitsOf(options);
    this.identity = settings.identity;
    this.connect = createConnector({ ...settings, insecure: options.insecure });
    this.#output = new Output(options.ordered);
    this.#pool = new LanePool(options.concurrency, this);
    this.#deadlines = new Deadlines(this.#pool.lanes);
    this.#admission = new Admission(options, this.#pool, {
      isBlocked: () => this.#output.isFull,
      onlyIndex: () => this.#output.onlyIndex,
      onStart: (job) => this.#endings.onStart(job),
    });
    this.#endings = new Endings(options, settings.random ?? Math.random, {
      onRecord: (record) => this.#settle(record),
      onReady: (job) => {
        this.#admission.goOn(job);
        this.#admission.pump();
      },
      onPause: (lane, forMs, now) => this.#admission.pause(lane, forMs, now),
    });
  }

  /** Fetches everything the source gives. Throws what the source throws, after what is in flight. */
  async *run(source: AsyncIterable<readonly Task[]>): AsyncGenerator<readonly FetchRecord[], void> {
    this.#deadlines.start();
    const reading = this.#feed.read(source, {
      onBatch: (batch) => this.#enqueue(batch),
      isFull: () => this.#isAhead,
      onEnd: () => this.#endIfDone(),
    });
    reading.catch(() => {}); // it is told below, after what is in flight
    try {
      for (let batch = await this.#output.take(); batch !== undefined; batch = await this.#output.take()) {
        this.#admission.pump();
        this.#feed.resume();
        yield batch;
      }
      if (this.#feed.hasEnded) {
        await reading; // throws what the source threw
      }
    } finally {
      await this.#close();
    }
  }

  /** What the engine is doing now. */
  stats(): EngineStats {
    return {
      read: this.#read,
      sourceEnded: this.#feed.hasEnded,
      waiting: this.#unfinished - this.#admission.inFlight,
      inFlight: this.#admission.inFlight,
      finished: this.#finished,
      requests: this.#admission.requests,
      retries: this.#endings.retries,
      sockets: this.#pool.lanes.size,
    };
  }

  /**
   * Starts nothing further and ends when what is in flight has ended. Tasks that were to have another
   * attempt end as aborted; those that have not begun get no record.
   */
  drain(): void {
    this.#isStopping = true;
    this.#feed.stop();
    this.#admission.stop();
    this.#endings.stop();
    this.#endIfDone();
  }

  /** Drains, and gives up what is in flight: those tasks end as aborted. */
  abort(): void {
    this.drain();
    for (const lane of this.#pool.lanes) {
      lane.abort(failure('ABORTED', 'the run was stopped'));
    }
  }

  // ── what lanes call

  onAnswer(lane: Lane): void {
    const now = performance.now();
    this.#endings.answered(lane, lane.takeJob(), now);
    this.#release(lane, now);
  }

  onFailure(lane: Lane, reason: Failure): void {
    const now = performance.now();
    this.#endings.failed(lane, lane.takeJob(), reason, now);
    // The lane is free a moment later, so that a server that fails at once cannot starve the rest.
    setImmediate(() => this.#release(lane, performance.now()));
  }

  #release(lane: Lane, now: Milliseconds): void {
    this.#admission.release(lane, now);
    this.#feed.resume();
    if (this.#isStopping) {
      this.#endIfDone();
    }
  }

  onLaneClosed(lane: Lane): void {
    this.#admission.onLaneClosed(lane);
  }

  // ── from the source

  #enqueue(batch: readonly Task[]): void {
    this.#read += batch.length;
    for (const task of batch) {
      this.#output.expect(task.index);
      if (task.invalid === undefined) {
        this.#admission.add(task);
      } else {
        this.#endings.invalid(task, task.invalid);
      }
    }
    this.#admission.pump();
  }

  /** Tasks read that have no record yet. */
  get #unfinished(): number {
    return this.#read - this.#finished;
  }

  /** Enough has been read ahead. */
  get #isAhead(): boolean {
    const ahead = this.#unfinished - this.#admission.inFlight;
    return ahead >= this.#admission.readAhead || this.#output.span >= 2 * this.#options.queueSize;
  }

  // ── the end

  #settle(record: FetchRecord): void {
    this.#finished++;
    this.#output.push(record);
    if (this.#finished === this.#read || this.#isStopping) {
      this.#endIfDone();
    }
  }

  #endIfDone(): void {
    const isDone = this.#isStopping
      ? this.#admission.inFlight === 0 && this.#endings.late === 0
      : this.#feed.hasEnded && this.#finished === this.#read;
    if (isDone) {
      this.#output.end();
    }
  }

  async #close(): Promise<void> {
    this.abort();
    this.#deadlines.stop();
    await this.#pool.close();
    await this.#feed.close();
  }
}
