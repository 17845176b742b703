import type { RequestSpec, Task } from '../model/task.ts';
import type { Milliseconds } from '../model/units.ts';
import type { Hop } from './policy/redirect.ts';

/** A task on its way through the engine: what it asks for next, and what it has been through. */
export class Job {
  readonly task: Task;
  /** Where the next exchange goes; a redirect changes it. */
  origin: string;
  url: string;
  request: RequestSpec;
  /** Exchanges started, redirect hops aside. */
  attempts = 0;
  /** Attempts granted by the retry policy. */
  retries = 0;
  /** Redirects followed since the last attempt began. */
  hops = 0;
  /** The one retry that a dead kept connection gives for nothing has been used. */
  usedFreeRetry = false;
  /** The next exchange follows a redirect, so it is no new attempt. */
  isHop = false;
  /** Start of the first attempt on the monotonic clock; NaN before. */
  startedAt = Number.NaN;
  /** A timer watches over its `--task-timeout` while it waits. */
  hasExpiry = false;
  /** Its record has been made; a queue that still holds it drops it. */
  isSettled = false;

  constructor(task: Task) {
    this.task = task;
    this.origin = task.origin;
    this.url = task.url;
    this.request = task.request;
  }

  /** An exchange starts: an attempt, unless it follows a redirect. */
  begin(now: Milliseconds): void {
    if (!this.isHop) {
      this.attempts++;
      if (this.attempts === 1) {
        this.startedAt = now;
      }
    }
  }

  /** The next exchange is the redirect's. */
  follow(hop: Hop): void {
    this.origin = hop.origin;
    this.url = hop.url;
    this.request = hop.request;
    this.hops++;
    this.isHop = true;
  }

  /** Waits for a retry, which goes to the task's own URL and follows redirects anew. */
  restart(): void {
    this.origin = this.task.origin;
    this.url = this.task.url;
    this.request = this.task.request;
    this.hops = 0;
    this.isHop = false;
  }
}
