import { failure, type Failure } from '../model/failure.ts';
import type { FetchRecord } from '../model/record.ts';
import type { ResolvedOptions } from '../model/options/options.ts';
import type { SentMarks } from '../model/marks.ts';
import type { RunState } from '../model/run-state.ts';
import type { AutoConcurrency, EngineStats } from '../model/stats.ts';
import type { Task } from '../model/task.ts';
import type { Milliseconds } from '../model/units.ts';
import { Admission } from './admission.ts';
import type { Channels } from './http/channel.ts';
import { http1Channels } from './http/connection.ts';
import { createConnector, type Connect } from './http/connector.ts';
import { Deadlines } from './deadlines.ts';
import { Endings } from './endings.ts';
import type { EngineSettings } from './engine-settings.ts';
import { FlowMeter, flowState } from './flow.ts';
import type { Identity } from './identity/identity.ts';
import { Intake } from './intake.ts';
import { LanePool } from './lane-pool.ts';
import type { Lane, LaneOwner } from './lane.ts';
import { capOf, limitsOf, tooManyFiles, type LaneLimits } from './limits.ts';
import { Watch } from './observe/watch.ts';
import { Output } from './output.ts';
import { preparer, type Prepare } from './prepare.ts';
import { stateOf, statsOf, type EngineParts } from './state.ts';

/**
 * Reads tasks ahead, has them admitted, and makes a record of each. Inside there are callbacks only;
 * outside it is one async iterable of batches, and a consumer that does not take them stops
 * admission, which stops the reading. Used for one run.
 */
export class Engine implements LaneOwner {
  readonly limits: LaneLimits;
  channels: Channels;
  identity: Identity | undefined;
  readonly prepare: Prepare;
  /** How long the stages have waited for each other. */
  readonly flow = new FlowMeter();
  readonly #connect: Connect;
  readonly #options: ResolvedOptions;
  readonly #admission: Admission;
  readonly #deadlines: Deadlines;
  readonly #output: Output;
  readonly #intake: Intake;
  readonly #endings: Endings;
  readonly #parts: EngineParts;
  #marks: SentMarks | undefined;
  #isStopping = false;

  constructor(options: ResolvedOptions, settings: EngineSettings = {}) {
    this.#options = options;
    this.limits = limitsOf(options, settings);
    this.#connect = createConnector({ insecure: options.insecure, ...settings });
    this.channels = http1Channels(this.#connect);
    this.#output = new Output(options.ordered);
    const watch = settings.observer && new Watch(settings.observer);
    const owner = watch?.owner(this, () => this.#admission.capacity) ?? this;
    const pool = new LanePool(capOf(options), owner);
    this.#deadlines = new Deadlines(pool.lanes, (now) => this.flow.sample(now, flowState(this.#parts)));
    this.#admission = new Admission(options, pool, {
      isBlocked: () => this.#output.isFull || this.identity?.isRenewing === true,
      onlyIndex: () => this.#output.onlyIndex,
      onStart: (job) => this.#endings.onStart(job),
      onRefused: (job, reason) => this.#endings.refuse(job, reason),
      onLowered: () => settings.onWarning?.(tooManyFiles),
      proxyOf: settings.proxyOf,
    });
    this.#intake = new Intake({
      onBatch: (batch) => this.#enqueue(batch),
      readAhead: () => this.#admission.readAhead,
      inFlight: () => this.#admission.inFlight,
      isSpanned: () => this.#output.span >= 2 * options.queueSize,
      onEnd: () => this.#endIfDone(),
    });
    this.prepare = preparer(options, {
      marks: () => this.#marks,
      onFault: (error) => {
        this.#output.fail(error);
        this.drain();
      },
    });
    this.#endings = new Endings(
      options,
      { ...settings, watch },
      {
        onRecord: (record) => this.#settle(record),
        onPage: (record) => this.#output.push(record, false),
        onNextPage: (next, lane) => {
          this.#admission.goOn(next);
          if (lane?.host.origin !== next.origin) {
            this.#admission.pump(); // else that lane takes it, and no other connection is needed
          }
        },
        onReady: (job) => {
          this.#admission.goOn(job);
          this.#admission.pump();
        },
        renew: (job) => this.identity?.renew(job),
        onRenewed: () => this.#admission.pump(),
        onPause: (lane, forMs, now) => this.#admission.pause(lane, forMs, now),
      },
    );
    this.#parts = {
      admission: this.#admission,
      intake: this.#intake,
      endings: this.#endings,
      output: this.#output,
      pool,
      sockets: () => this.channels.sockets,
    };
  }

  /**
   * Fetches everything the source gives, in the name of `identity` where there is one. Throws what the
   * source and `marks` throw, after what is in flight.
   */
  async *run(
    source: AsyncIterable<readonly Task[]>,
    identity?: Identity,
    marks?: SentMarks,
  ): AsyncGenerator<readonly FetchRecord[], void> {
    this.identity = identity;
    this.#marks = marks;
    const { next, maxPages } = this.#options;
    if (next !== undefined) {
      await this.#endings.followPages(next, maxPages);
    }
    if (this.#options.http2 || this.#options.http2PriorKnowledge) {
      const { Http2Channels } = await import('./http2/channels.ts');
      this.channels = new Http2Channels(this.#connect, this.#options.http2PriorKnowledge);
    }
    await this.#admission.open(this.#options);
    this.#deadlines.start();
    this.flow.start(performance.now());
    const reading = this.#intake.read(source);
    reading.catch(() => {}); // it is told below, after what is in flight
    try {
      for (let batch = await this.#output.take(); batch !== undefined; batch = await this.#output.take()) {
        this.#admission.pump();
        this.#intake.resume();
        yield batch;
      }
      if (this.#intake.hasEnded) {
        await reading; // throws what the source threw
      }
    } finally {
      this.abort();
      this.#deadlines.stop();
      await this.#parts.pool.close();
      await this.#intake.close();
    }
  }

  /** What the engine is doing now. `transformed`: tasks that have been through the transforms, where there are any. */
  stats(transformed?: number): EngineStats {
    return statsOf(this.#parts, transformed);
  }

  /** The same in detail. */
  state(transformed?: number): RunState {
    return stateOf(this.#parts, performance.now(), transformed);
  }

  /** The concurrency that was set, or what was found by itself. */
  get concurrency(): number | AutoConcurrency {
    const { concurrency } = this.#options;
    return concurrency === 'auto' ? this.#admission.tuned : concurrency;
  }

  /**
   * Starts nothing further and ends when what is in flight has ended. Tasks that were to have another
   * attempt end as aborted; those that have not begun get no record.
   */
  drain(): void {
    this.#isStopping = true;
    this.#intake.stop();
    this.#admission.stop();
    this.#endings.stop();
    this.#endIfDone();
  }

  /** Drains, and gives up what is in flight: those tasks end as aborted. */
  abort(): void {
    this.drain();
    for (const lane of this.#parts.pool.lanes) {
      lane.abort(failure('ABORTED', 'the run was stopped'));
    }
  }

  // ── what lanes call

  onAnswer(lane: Lane): void {
    const now = performance.now();
    lane.host.answered(lane.status, lane.headers, lane.clock.startedAt, now);
    this.#endings.answered(lane, lane.takeJob(), now);
    this.#release(lane, now);
  }

  onFailure(lane: Lane, reason: Failure): void {
    const now = performance.now();
    lane.host.failed(reason, lane.clock.startedAt, now);
    if (reason.code === 'TOO_MANY_OPEN_FILES') {
      this.#admission.lower(lane);
    }
    this.#endings.failed(lane, lane.takeJob(), reason, now);
    // The lane is free a moment later, so that a server that fails at once cannot starve the rest.
    setImmediate(() => this.#release(lane, performance.now()));
  }

  /** The task gets no record: a later run takes it up again. */
  onUnsent(lane: Lane): void {
    lane.takeJob();
    this.#release(lane, performance.now());
  }

  #release(lane: Lane, now: Milliseconds): void {
    this.#admission.release(lane, now);
    this.#intake.resume();
    if (this.#isStopping) {
      this.#endIfDone();
    }
  }

  onLaneClosed(lane: Lane): void {
    this.#admission.onLaneClosed(lane);
  }

  // ── from the source

  #enqueue(batch: readonly Task[]): void {
    for (const task of batch) {
      this.#output.expect(task.index);
      if (task.invalid === undefined && task.resumeAt === undefined) {
        this.#admission.add(task);
      } else {
        this.#endings.enter(task);
      }
    }
    this.#admission.pump();
  }

  // ── the end

  #settle(record: FetchRecord): void {
    this.#intake.settle(record);
    this.#output.push(record, true);
    if (this.#intake.isSettled || this.#isStopping) {
      this.#endIfDone();
    }
  }

  #endIfDone(): void {
    const isDone = this.#isStopping
      ? this.#admission.inFlight === 0 && this.#endings.late === 0
      : this.#intake.hasEnded && this.#intake.isSettled;
    if (isDone) {
      this.#output.end();
    }
  }
}
