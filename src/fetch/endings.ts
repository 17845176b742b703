import { failure, type Failure } from '../model/failure.ts';
import type { NextRule } from '../model/options/next-rule.ts';
import type { ResolvedOptions } from '../model/options/options.ts';
import type { FetchRecord } from '../model/record.ts';
import type { ResumePoint, Task } from '../model/task.ts';
import type { Milliseconds } from '../model/units.ts';
import { Between } from './between.ts';
import { Errand } from './errand.ts';
import { Job } from './job.ts';
import type { Lane } from './lane.ts';
import type { Page, TurnPage } from './pages/turn-page.ts';
import { Verdicts } from './policy/verdict.ts';
import { Recorder } from './recorder.ts';

/** Told what follows from the end of an exchange. */
export interface EndingsListener {
  /** A task has ended. */
  onRecord(record: FetchRecord): void;
  /** A page of a task has ended, and is not its last record. */
  onPage(record: FetchRecord): void;
  /**
   * The next page of a task is to be fetched. `lane` has fetched the one before, unless it has gone on
   * meanwhile; it is about to be free.
   */
  onNextPage(next: Job, lane: Lane | undefined): void;
  /** A task is to have another exchange now. */
  onReady(job: Job): void;
  /** A promise when a 401 is to be answered with other credentials: whether they are there. */
  renew(job: Job): Promise<boolean> | undefined;
  /** Credentials that were awaited are there, or are not to be had. */
  onRenewed(): void;
  /** The host of the lane is to be left alone for a while. */
  onPause(lane: Lane, forMs: Milliseconds, now: Milliseconds): void;
}

/** Looks on at what is decided. */
export interface EndingsWatch {
  /** The same listener, seen. */
  endings(listener: EndingsListener): EndingsListener;
  /** A retry is granted; the job still shows the attempt before it. */
  retry(lane: Lane, job: Job, cause: string, delayMs: Milliseconds, at: Milliseconds): void;
  /** A redirect is followed; the job has not gone on yet. */
  redirect(lane: Lane, job: Job, to: string, at: Milliseconds): void;
}

/** Those of the engine that concern it. */
export interface EndingsSettings {
  /** In [0, 1); for jitter. */
  readonly random?: (() => number) | undefined;
  readonly keepsBytes?: boolean | undefined;
  /** Absent: nobody looks on. */
  readonly watch?: EndingsWatch | undefined;
}

/** What the end of an exchange leads to: a redirect, a retry, or the record of the task. */
export class Endings {
  readonly #listener: EndingsListener;
  readonly #watch: EndingsWatch | undefined;
  readonly #recorder: Recorder;
  readonly #verdicts: Verdicts;
  readonly #between: Between;
  readonly #keepsBodies: boolean;
  #turnPage: TurnPage | undefined;
  #resumePage: ((task: Task, at: ResumePoint) => Page) | undefined;
  #retries = 0;
  #late = 0;
  #isStopping = false;

  constructor(options: ResolvedOptions, settings: EndingsSettings, listener: EndingsListener) {
    this.#watch = settings.watch;
    this.#listener = this.#watch?.endings(listener) ?? listener;
    this.#recorder = new Recorder(options, settings.keepsBytes === true);
    this.#verdicts = new Verdicts(options, settings.random ?? Math.random);
    this.#keepsBodies = options.body !== 'none' || settings.keepsBytes === true;
    this.#between = new Between({
      taskTimeout: options.taskTimeout || Number.POSITIVE_INFINITY,
      onReady: (job) => listener.onReady(job),
      onGivenUp: (job, reason) => this.#endUnsent(job, reason),
    });
  }

  /** Retries granted so far. */
  get retries(): number {
    return this.#retries;
  }

  /** Tasks between two exchanges. */
  get between(): number {
    return this.#between.size;
  }

  /** Records whose bodies are being decompressed. */
  get late(): number {
    return this.#late;
  }

  /** From now on the pages of tasks are followed, `maxPages` of each. */
  async followPages(rule: NextRule, maxPages: number): Promise<void> {
    const { pageTurner } = await import('./pages/turn-page.ts');
    const { resumePage } = await import('./pages/resume-page.ts');
    this.#turnPage = pageTurner(rule, { maxPages, keepsBodies: this.#keepsBodies });
    this.#resumePage = (task, at) => resumePage(rule, task, at);
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

  /** Takes in a task that does not begin with its own request: it goes on with a later page, or cannot be sent at all. */
  enter(task: Task): void {
    const { resumeAt, invalid } = task;
    const resumed = resumeAt === undefined ? undefined : this.#resumePage?.(task, resumeAt);
    const { job, failure: reason = invalid } = resumed ?? { job: new Job(task) };
    if (reason === undefined) {
      this.#listener.onNextPage(job, undefined);
    } else {
      this.#endUnsent(job, reason);
    }
  }

  /** Ends a task that is not to have its next exchange. */
  refuse(job: Job, reason: Failure): void {
    this.#between.leave(job);
    job.isSettled = true;
    this.#endUnsent(job, reason);
  }

  /** Grants no further exchange: tasks between two of them end as aborted. */
  stop(): void {
    this.#isStopping = true;
    this.#between.stop();
  }

  /** Follows a redirect, waits for a retry, or ends the task. */
  #judge(lane: Lane, job: Job, reason: Failure | undefined, now: Milliseconds): void {
    const isRefused = reason === undefined && lane.status === 401 && !this.#isStopping;
    const renewal = isRefused && !(job instanceof Errand) ? this.#listener.renew(job) : undefined;
    if (renewal !== undefined) {
      void this.#awaitCredentials(lane, job, renewal, now);
      return;
    }
    const verdict = this.#verdicts.of(lane, job, reason, now);
    if (verdict.next !== 'hop' && verdict.pauseMs !== undefined) {
      this.#listener.onPause(lane, verdict.pauseMs, now);
    }
    if (verdict.next === 'end') {
      this.#conclude(lane, job, verdict.failure, now);
    } else if (this.#isStopping) {
      this.#conclude(lane, job, failure('ABORTED', 'the run was stopped before the next attempt'), now);
    } else if (verdict.next === 'hop') {
      this.#watch?.redirect(lane, job, verdict.hop.url, now);
      job.follow(verdict.hop);
      this.#between.hop(job, now);
    } else {
      this.#retries++;
      this.#watch?.retry(lane, job, reason?.code ?? `HTTP ${lane.status}`, verdict.delayMs, now);
      this.#between.retry(job, verdict.delayMs, now);
    }
  }

  /** Sends the job again when other credentials are there; without them its 401 is the answer. */
  async #awaitCredentials(lane: Lane, job: Job, renewal: Promise<boolean>, now: Milliseconds): Promise<void> {
    const answer = this.#recorder.record(lane, job, failure('HTTP_STATUS', 'HTTP 401'), now);
    this.#between.wait(job, now);
    const isRenewed = await renewal;
    if (!job.isSettled) {
      if (isRenewed) {
        this.#between.again(job);
      } else {
        this.#between.leave(job);
        this.#publish(answer, job, undefined);
      }
    }
    this.#listener.onRenewed();
  }

  #conclude(lane: Lane, job: Job, reason: Failure | undefined, now: Milliseconds): void {
    this.#publish(this.#recorder.record(lane, job, reason, now), job, lane);
  }

  #publish(record: FetchRecord | Promise<FetchRecord>, job: Job, lane: Lane | undefined): void {
    if (record instanceof Promise) {
      void this.#concludeLate(record, job);
    } else {
      this.#end(record, job, lane);
    }
  }

  async #concludeLate(record: Promise<FetchRecord>, job: Job): Promise<void> {
    this.#late++;
    const done = await record;
    this.#late--;
    this.#end(done, job, undefined);
  }

  #endUnsent(job: Job, reason: Failure): void {
    const record = this.#recorder.withoutExchange(job, reason, performance.now());
    if (job instanceof Errand) {
      job.settle(record);
    } else {
      this.#listener.onRecord(record);
    }
  }

  /** The task has ended, unless pages are followed and there is another. */
  #end(record: FetchRecord, job: Job, lane: Lane | undefined): void {
    if (job instanceof Errand) {
      job.settle(record);
      return;
    }
    const turn = this.#turnPage?.(job, record);
    if (turn?.next === undefined) {
      this.#listener.onRecord(turn?.record ?? record);
    } else if (turn.failure !== undefined) {
      this.#listener.onPage(turn.record);
      this.#endUnsent(turn.next, turn.failure);
    } else if (this.#isStopping) {
      this.#listener.onRecord(turn.record);
    } else {
      this.#listener.onPage(turn.record);
      this.#listener.onNextPage(turn.next, lane);
    }
  }
}
