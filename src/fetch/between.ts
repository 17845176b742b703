import { failure, type Failure } from '../model/failure.ts';
import type { Milliseconds } from '../model/units.ts';
import { Delays } from './delays.ts';
import type { Job } from './job.ts';

/** What becomes of tasks between two exchanges. */
export interface BetweenSettings {
  /** Infinity: none. */
  readonly taskTimeout: Milliseconds;
  /** The task may have its next exchange. */
  readonly onReady: (job: Job) => void;
  /** The task ends where it is. */
  readonly onGivenUp: (job: Job, reason: Failure) => void;
}

/** The tasks that have had an exchange and are to have another: they hold no lane. */
export class Between {
  readonly #settings: BetweenSettings;
  readonly #jobs = new Set<Job>();
  readonly #delays = new Delays();

  constructor(settings: BetweenSettings) {
    this.#settings = settings;
  }

  /** How many there are. */
  get size(): number {
    return this.#jobs.size;
  }

  /** Follows a redirect, at once, unless its host is held back. */
  hop(job: Job, now: Milliseconds): void {
    this.wait(job, now);
    this.#settings.onReady(job);
  }

  /** Waits for credentials, or for a host. */
  wait(job: Job, now: Milliseconds): void {
    this.#jobs.add(job);
    this.#watchTime(job, now);
  }

  /** Has the same exchange again, with other credentials. */
  again(job: Job): void {
    job.isHop = true;
    this.#settings.onReady(job);
  }

  /** Waits for a retry. */
  retry(job: Job, delayMs: Milliseconds, now: Milliseconds): void {
    this.wait(job, now);
    job.restart();
    this.#delays.after(delayMs, () => {
      if (!job.isSettled) {
        this.#settings.onReady(job);
      }
    });
  }

  /** The task's next exchange starts, or there is none. */
  leave(job: Job): void {
    this.#jobs.delete(job);
  }

  /** The run is stopped: they end as aborted. */
  stop(): void {
    this.#delays.clear();
    for (const job of this.#jobs) {
      this.#giveUp(job, failure('ABORTED', 'the run was stopped before the next attempt'));
    }
  }

  /** Lanes watch over the time of exchanges; between them a timer does. */
  #watchTime(job: Job, now: Milliseconds): void {
    const { taskTimeout } = this.#settings;
    if (taskTimeout === Number.POSITIVE_INFINITY || job.hasExpiry) {
      return;
    }
    job.hasExpiry = true;
    this.#delays.after(job.startedAt + taskTimeout - now, () => {
      if (this.#jobs.has(job)) {
        this.#giveUp(
          job,
          failure('TASK_TIMEOUT', `${job.origin}: no answer within ${taskTimeout} ms in all`),
        );
      }
    });
  }

  #giveUp(job: Job, reason: Failure): void {
    this.#jobs.delete(job);
    job.isSettled = true;
    this.#settings.onGivenUp(job, reason);
  }
}
