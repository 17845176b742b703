import { failure, type Failure } from '../model/failure.ts';
import type { ResolvedOptions } from '../model/options.ts';
import type { FetchRecord } from '../model/record.ts';
import type { Task } from '../model/task.ts';
import type { Milliseconds } from '../model/units.ts';
import { Between } from './between.ts';
import { Job } from './job.ts';
import type { Lane } from './lane.ts';
import { Verdicts } from './policy/verdict.ts';
import { Recorder } from './recorder.ts';

/** Told what follows from the end of an exchange. */
export interface EndingsListener {
  /** A task has ended. */
  onRecord(record: FetchRecord): void;
  /** A task is to have another exchange now. */
  onReady(job: Job): void;
  /** The host of the lane is to be left alone for a while. */
  onPause(lane: Lane, forMs: Milliseconds, now: Milliseconds): void;
}

/** What the end of an exchange leads to: a redirect, a retry, or the record of the task. */
export class Endings {
  readonly #listener: EndingsListener;
  readonly #recorder: Recorder;
  readonly #verdicts: Verdicts;
  readonly #between: Between;
  #retries = 0;
  #late = 0;
  #isStopping = false;

  /** `random` is in [0, 1), for jitter. */
  constructor(options: ResolvedOptions, random: () => number, listener: EndingsListener) {
    this.#listener = listener;
    this.#recorder = new Recorder(options);
    this.#verdicts = new Verdicts(options, random);
    this.#between = new Between({
      taskTimeout: options.taskTimeout || Number.POSITIVE_INFINITY,
      onReady: (job) => listener.onReady(job),
      onGivenUp: (job, reason) =>
        listener.onRecord(this.#recorder.withoutExchange(job, reason, performance.now())),
    });
  }

  /** Retries granted so far. */
  get retries(): number {
    return this.#retries;
  }

  /** Records whose bodies are being decompressed. */
  get late(): number {
    return this.#late;
  }

  /** An exchange starts. */
  onStart(job: Job): void {
    this.#verdicts.onRequest();
    this.#between.leave(job);
  }

  /** The answer has come, whole. All of the lane is read before this returns. */
  answered(lane: Lane, job: Job, now: Milliseconds): void {
    if (lane.status < 300) {
      this.#conclude(lane, job, undefined, now);
    } else {
      this.#judge(lane, job, undefined, now);
    }
  }

  /** The exchange has failed. */
  failed(lane: Lane, job: Job, reason: Failure, now: Milliseconds): void {
    if (reason.kind === 'aborted' || reason.code === 'TASK_TIMEOUT') {
      this.#conclude(lane, job, reason, now);
    } else {
      this.#judge(lane, job, reason, now);
    }
  }

  /** The task cannot be sent at all. */
  invalid(task: Task, reason: Failure): void {
    this.#listener.onRecord(this.#recorder.withoutExchange(new Job(task), reason, performance.now()));
  }

  /** Grants no further exchange: tasks between two of them end as aborted. */
  stop(): void {
    this.#isStopping = true;
    this.#between.stop();
  }

  /** Follows a redirect, waits for a retry, or ends the task. */
  #judge(lane: Lane, job: Job, reason: Failure | undefined, now: Milliseconds): void {
    const verdict = this.#verdicts.of(lane, job, reason, now);
    if (verdict.next !== 'hop' && verdict.pauseMs !== undefined) {
      this.#listener.onPause(lane, verdict.pauseMs, now);
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
      void this.#concludeLate(record);
    } else {
      this.#listener.onRecord(record);
    }
  }

  async #concludeLate(record: Promise<FetchRecord>): Promise<void> {
    this.#late++;
    const done = await record;
    this.#late--;
    this.#listener.onRecord(done);
  }
}
