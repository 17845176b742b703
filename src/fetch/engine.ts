import { failure, type Failure } from '../model/failure.ts';
import type { FetchRecord } from '../model/record.ts';
import type { ResolvedOptions } from '../model/options.ts';
import type { EngineStats } from '../model/stats.ts';
import type { Task } from '../model/task.ts';
import type { Milliseconds } from '../model/units.ts';
import { createConnector, type Connect } from './connector.ts';
import { Deadlines } from './deadlines.ts';
import { Feed } from './feed.ts';
import { Hosts } from './hosts.ts';
import { Job } from './job.ts';
import { LanePool } from './lane-pool.ts';
import type { Lane, LaneLimits, LaneOwner } from './lane.ts';
import { Outbox } from './outbox.ts';
import { Pace } from './pace.ts';
import { Recorder } from './recorder.ts';
import { Reorder } from './reorder.ts';
import type { Resolve } from './lookup.ts';
import { Verdicts } from './verdict.ts';

/** What the engine cannot read for itself: files, and replacements for tests. */
export interface EngineSettings {
  /** Trusted certificates in PEM. */
  readonly ca?: string | undefined;
  /** Replaces the system's resolver. */
  readonly resolve?: Resolve | undefined;
  /** In [0, 1); for jitter. */
  readonly random?: (() => number) | undefined;
}

/**
 * Which task runs when. Tasks wait by origin; a lane that ends one takes the next of its own origin,
 * else the origin that has waited longest gets a lane. Inside there are callbacks only; outside it is
 * one async iterable of batches, and a consumer that does not take them stops admission, which stops
 * the reading. Used for one run.
 */
export class Engine implements LaneOwner {
  readonly limits: LaneLimits;
  readonly connect: Connect;
  readonly #options: ResolvedOptions;
  readonly #hosts: Hosts;
  readonly #pool: LanePool;
  readonly #deadlines: Deadlines;
  readonly #outbox = new Outbox();
  readonly #reorder: Reorder | undefined;
  readonly #recorder: Recorder;
  readonly #verdicts: Verdicts;
  readonly #pace: Pace | undefined;
  readonly #feed = new Feed();
  readonly #delayed = new Set<NodeJS.Timeout>();
  #paceTimer: NodeJS.Timeout | undefined;
  #inFlight = 0;
  #read = 0;
  #finished = 0;
  #requests = 0;
  #retries = 0;
  #isStopping = false;

  constructor(options: ResolvedOptions, settings: EngineSettings = {}) {
    this.#options = options;
    this.limits = {
      timeout: options.timeout,
      connectTimeout: options.connectTimeout,
      taskTimeout: options.taskTimeout,
      maxBody: options.maxBody,
      keepBody: options.body !== 'none',
    };
    this.connect = createConnector({
      insecure: options.insecure,
      ca: settings.ca,
      ...(settings.resolve === undefined ? {} : { resolve: settings.resolve }),
    });
    this.#hosts = new Hosts(options, () => this.#pump());
    this.#pool = new LanePool(options.concurrency, this);
    this.#deadlines = new Deadlines(this.#pool.lanes);
    this.#reorder = options.ordered
      ? new Reorder((record, bytes) => this.#outbox.push(record, bytes))
      : undefined;
    this.#recorder = new Recorder(options);
    this.#verdicts = new Verdicts(options, settings.random ?? Math.random);
    this.#pace = options.rate === undefined ? undefined : new Pace(options.rate);
  }

  /** Fetches everything the source gives. Throws what the source throws, after what is in flight. */
  async *run(source: AsyncIterable<readonly Task[]>): AsyncGenerator<readonly FetchRecord[], void> {
    this.#deadlines.start();
    const reading = this.#feed.read(source, {
      onBatch: (batch) => this.#enqueue(batch),
      isFull: () => this.#isAhead,
      onEnd: () => this.#endIfDone(),
    });
    reading.catch(() => {}); // awaited below, after what is in flight
    try {
      for (let batch = await this.#outbox.take(); batch !== undefined; batch = await this.#outbox.take()) {
        this.#pump();
        yield batch;
      }
      await reading;
    } finally {
      await this.#close();
    }
  }

  /** What the engine is doing now. */
  stats(): EngineStats {
    return {
      read: this.#read,
      sourceEnded: this.#feed.hasEnded,
      waiting: this.#read - this.#finished - this.#inFlight,
      inFlight: this.#inFlight,
      finished: this.#finished,
      requests: this.#requests,
      retries: this.#retries,
      sockets: this.#pool.lanes.size,
    };
  }

  /** Starts no further task and ends when those in flight have ended; the others get no record. */
  drain(): void {
    this.#isStopping = true;
    this.#feed.stop();
    this.#clearTimers();
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
    const job = lane.job!;
    lane.job = undefined;
    if (lane.status < 300) {
      this.#conclude(lane, job, undefined, now);
    } else {
      this.#judge(lane, job, undefined, now);
    }
    this.#release(lane, now);
  }

  onFailure(lane: Lane, reason: Failure): void {
    const now = performance.now();
    const job = lane.job!;
    lane.job = undefined;
    if (reason.kind === 'aborted') {
      this.#conclude(lane, job, reason, now);
    } else {
      this.#judge(lane, job, reason, now);
    }
    // undici must not be called from its own error callback, so the lane is free a moment later.
    setImmediate(() => this.#release(lane, performance.now()));
  }

  onLaneClosed(lane: Lane): void {
    this.#hosts.forget(lane.host);
    this.#pool.onClosed(lane);
  }

  // ── admission

  #enqueue(batch: readonly Task[]): void {
    this.#read += batch.length;
    for (const task of batch) {
      this.#reorder?.expect(task.index);
      if (task.invalid === undefined) {
        this.#hosts.enqueue(task);
      } else {
        this.#settle(this.#recorder.withoutExchange(new Job(task), task.invalid, performance.now()));
      }
    }
    this.#pump();
  }

  /** Starts tasks while every limit allows it. */
  #pump(): void {
    if (this.#isStopping) {
      return;
    }
    const now = performance.now();
    while (this.#inFlight < this.#options.concurrency && this.#mayStart(now)) {
      const host = this.#hosts.next(now, this.#onlyIndex);
      if (host === undefined) {
        break;
      }
      const job = this.#hosts.takeJob(host, now);
      this.#inFlight++;
      this.#pool.laneFor(host, (lane) => this.#start(lane, job, performance.now()));
    }
    this.#feed.resume();
  }

  #start(lane: Lane, job: Job, now: Milliseconds): void {
    if (!job.isHop) {
      job.attempts++;
    }
    if (job.attempts === 1 && !job.isHop) {
      job.startedAt = now;
    }
    this.#requests++;
    this.#verdicts.onRequest();
    this.#pace?.take(now);
    lane.start(job, now);
  }

  /** The lane goes on with its own host, else it is idle and others may start. */
  #release(lane: Lane, now: Milliseconds): void {
    const { host } = lane;
    host.active--;
    this.#inFlight--;
    if (
      !this.#isStopping &&
      host.hasNext &&
      this.#onlyIndex === undefined &&
      this.#mayStart(now) &&
      host.wait(now) === 0
    ) {
      this.#inFlight++;
      this.#start(lane, this.#hosts.takeJob(host, now), now);
      this.#feed.resume();
    } else {
      this.#pool.putBack(lane);
      this.#hosts.markReady(host);
      this.#pump();
      this.#endIfDone();
    }
  }

  /** False while the sink is behind or the overall rate is used up. */
  #mayStart(now: Milliseconds): boolean {
    if (this.#outbox.isFull) {
      return false;
    }
    const wait = this.#pace?.wait(now) ?? 0;
    if (wait > 0) {
      this.#paceTimer ??= setTimeout(() => {
        this.#paceTimer = undefined;
        this.#pump();
      }, Math.ceil(wait));
    }
    return wait === 0;
  }

  /** While a full window waits for one task, that one alone may start. */
  get #onlyIndex(): number | undefined {
    return this.#reorder?.isFull === true ? this.#reorder.awaited : undefined;
  }

  /** Enough has been read ahead. */
  get #isAhead(): boolean {
    const unfinished = this.#read - this.#finished - this.#inFlight;
    const { queueSize } = this.#options;
    return unfinished >= queueSize || (this.#reorder !== undefined && this.#reorder.span >= 2 * queueSize);
  }

  // ── how an exchange ends

  /** Follows a redirect, waits for a retry, or ends the task. */
  #judge(lane: Lane, job: Job, reason: Failure | undefined, now: Milliseconds): void {
    const verdict = this.#verdicts.of(lane, job, reason, now);
    switch (verdict.then) {
      case 'end':
        if (verdict.pauseMs !== undefined) {
          this.#hosts.pause(lane.host, verdict.pauseMs, now);
        }
        this.#conclude(lane, job, verdict.failure, now);
        break;
      case 'hop':
        job.follow(verdict.hop);
        this.#hosts.enqueueFirst(job);
        break;
      case 'retry':
        this.#retries++;
        this.#retryLater(job, verdict.delayMs, now);
        if (verdict.pauseMs !== undefined) {
          this.#hosts.pause(lane.host, verdict.pauseMs, now);
        }
        break;
      default:
        verdict satisfies never;
    }
  }

  #retryLater(job: Job, delayMs: Milliseconds, now: Milliseconds): void {
    if (this.#isStopping) {
      return;
    }
    job.restart();
    const { taskTimeout } = this.#options;
    if (taskTimeout !== undefined) {
      job.expiry = this.#after(job.startedAt + taskTimeout - now, () => {
        job.isSettled = true;
        const reason = failure('TASK_TIMEOUT', `no answer within ${taskTimeout} ms for all attempts`);
        this.#settle(this.#recorder.withoutExchange(job, reason, performance.now()));
      });
    }
    this.#after(delayMs, () => {
      if (!job.isSettled) {
        this.#hosts.enqueueFirst(job);
        this.#pump();
      }
    });
  }

  #conclude(lane: Lane, job: Job, reason: Failure | undefined, now: Milliseconds): void {
    const record = this.#recorder.record(lane, job, reason, now);
    if (record instanceof Promise) {
      void record.then((late) => this.#settle(late));
    } else {
      this.#settle(record);
    }
  }

  #settle(record: FetchRecord): void {
    this.#finished++;
    const bytes = this.#recorder.weigh(record);
    if (this.#reorder === undefined) {
      this.#outbox.push(record, bytes);
    } else {
      this.#reorder.add(record, bytes);
    }
    if (this.#finished === this.#read || this.#isStopping) {
      this.#endIfDone();
    }
  }

  #endIfDone(): void {
    const isDone = this.#isStopping
      ? this.#inFlight === 0 && !this.#recorder.isBusy
      : this.#feed.hasEnded && this.#finished === this.#read;
    if (isDone) {
      this.#reorder?.flush();
      this.#outbox.end();
    }
  }

  // ── timers and the end

  #after(delayMs: Milliseconds, action: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#delayed.delete(timer);
      action();
    }, delayMs);
    this.#delayed.add(timer);
    return timer;
  }

  #clearTimers(): void {
    this.#hosts.clearTimers();
    clearTimeout(this.#paceTimer);
    for (const timer of this.#delayed) {
      clearTimeout(timer);
    }
    this.#delayed.clear();
  }

  async #close(): Promise<void> {
    this.abort();
    this.#deadlines.stop();
    await this.#pool.close();
    await this.#feed.close();
  }
}
