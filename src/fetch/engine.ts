import { failure, type Failure } from '../model/failure.ts';
import type { FetchRecord } from '../model/record.ts';
import type { ResolvedOptions } from '../model/options.ts';
import type { EngineStats } from '../model/stats.ts';
import type { Task } from '../model/task.ts';
import type { Milliseconds } from '../model/units.ts';
import { Admission } from './admission.ts';
import { Between } from './between.ts';
import { createTurn } from './http/connection.ts';
import { createConnector, type Connect, type ConnectorSettings } from './http/connector.ts';
import { Deadlines } from './deadlines.ts';
import { Feed } from './feed.ts';
import { Job } from './job.ts';
import { LanePool } from './lane-pool.ts';
import type { Lane, LaneOwner } from './lane.ts';
import { limitsOf, type LaneLimits } from './limits.ts';
import { Output } from './output.ts';
import { Recorder } from './recorder.ts';
import { Verdicts } from './policy/verdict.ts';

/** What the engine cannot read for itself: files, and replacements for tests. */
export interface EngineSettings extends Pick<ConnectorSettings, 'ca' | 'resolve'> {
  /** In [0, 1); for jitter. */
  readonly random?: (() => number) | undefined;
}

/**
 * Reads tasks ahead, has them admitted, and makes a record of each. Inside there are callbacks only;
 * outside it is one async iterable of batches, and a consumer that does not take them stops
 * admission, which stops the reading. Used for one run.
 */
export class Engine implements LaneOwner {
  readonly limits: LaneLimits;
  readonly connect: Connect;
  readonly turn = createTurn();
  readonly #options: ResolvedOptions;
  readonly #pool: LanePool;
  readonly #admission: Admission;
  readonly #deadlines: Deadlines;
  readonly #output: Output;
  readonly #recorder: Recorder;
  readonly #verdicts: Verdicts;
  readonly #feed = new Feed();
  readonly #between: Between;
  #read = 0;
  #finished = 0;
  #retries = 0;
  /** Records whose bodies are being decompressed. */
  #late = 0;
  #isStopping = false;

  constructor(options: ResolvedOptions, settings: EngineSettings = {}) {
    this.#options = options;
    this.limits = limitsOf(options);
    this.connect = createConnector({ ...settings, insecure: options.insecure });
    this.#recorder = new Recorder(options);
    this.#verdicts = new Verdicts(options, settings.random ?? Math.random);
    this.#output = new Output(options.ordered);
    this.#pool = new LanePool(options.concurrency, this);
    this.#deadlines = new Deadlines(this.#pool.lanes);
    this.#admission = new Admission(options, this.#pool, {
      isBlocked: () => this.#output.isFull,
      onlyIndex: () => this.#output.onlyIndex,
      onStart: (job) => {
        this.#verdicts.onRequest();
        this.#between.leave(job);
      },
    });
    this.#between = new Between({
      taskTimeout: this.limits.taskTimeout,
      onReady: (job) => {
        this.#admission.goOn(job);
        this.#admission.pump();
      },
      onGivenUp: (job, reason) =>
        this.#settle(this.#recorder.withoutExchange(job, reason, performance.now())),
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
      retries: this.#retries,
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
    this.#between.stop();
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
    const job = lane.takeJob();
    if (lane.status < 300) {
      this.#conclude(lane, job, undefined, now);
    } else {
      this.#judge(lane, job, undefined, now);
    }
    this.#release(lane, now);
  }

  onFailure(lane: Lane, reason: Failure): void {
    const now = performance.now();
    const job = lane.takeJob();
    if (reason.kind === 'aborted' || reason.code === 'TASK_TIMEOUT') {
      this.#conclude(lane, job, reason, now);
    } else {
      this.#judge(lane, job, reason, now);
    }
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
        this.#settle(this.#recorder.withoutExchange(new Job(task), task.invalid, performance.now()));
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

  // ── how an exchange ends

  /** Follows a redirect, waits for a retry, or ends the task. */
  #judge(lane: Lane, job: Job, reason: Failure | undefined, now: Milliseconds): void {
    const verdict = this.#verdicts.of(lane, job, reason, now);
    if (verdict.next !== 'hop' && verdict.pauseMs !== undefined) {
      this.#admission.pause(lane, verdict.pauseMs, now);
    }
    if (verdict.next === 'end') {
      this.#conclude(lane, job, verdict.failure, now);
    } else if (this.#isStopping) {
      this.#conclude(lane, job, failure('ABORTED', 'the run was stopped before the next attempt'), now);
    } else if (verdict.next === 'hop') {
      job.follow(verdict.hop);
      this.#between.hop(job);
    } else {
      this.#retries++;
      this.#between.retry(job, verdict.delayMs, now);
    }
  }

  #conclude(lane: Lane, job: Job, reason: Failure | undefined, now: Milliseconds): void {
    const record = this.#recorder.record(lane, job, reason, now);
    if (record instanceof Promise) {
      void this.#settleLate(record);
    } else {
      this.#settle(record);
    }
  }

  async #settleLate(record: Promise<FetchRecord>): Promise<void> {
    this.#late++;
    const done = await record;
    this.#late--;
    this.#settle(done);
  }

  #settle(record: FetchRecord): void {
    this.#finished++;
    this.#output.push(record);
    if (this.#finished === this.#read || this.#isStopping) {
      this.#endIfDone();
    }
  }

  #endIfDone(): void {
    const isDone = this.#isStopping
      ? this.#admission.inFlight === 0 && this.#late === 0
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
