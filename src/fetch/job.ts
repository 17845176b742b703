import type { RequestSpec, Task } from '../model/task.ts';
import type { Bytes, Milliseconds } from '../model/units.ts';
import type { Hop } from './policy/redirect.ts';

/** What a first attempt asks for. */
export type Start = Pick<Task, 'url' | 'origin' | 'request'>;

/**
 * A task on its way through the engine: what it asks for next, and what it has been through. Where
 * pages are followed, each page of a task is a job.
 */
export class Job {
  readonly task: Task;
  /** What every attempt begins with: the task itself, unless this is a later page. */
  readonly start: Start;
  /** 1: the task's own; later ones are where pages are followed. */
  readonly page: number;
  /** The URLs of the pages up to this one, where there are earlier ones. */
  readonly #visited: Set<string> | undefined;
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
  /** Retries that a connection which ended at a bad moment gave for nothing. */
  freeRetries = 0;
  /** The next exchange follows a redirect or carries other credentials, so it is no new attempt. */
  isHop = false;
  /** Start of the first attempt on the monotonic clock; NaN before. */
  startedAt = Number.NaN;
  /** It is on record as sent: a later run will not send it again unasked. */
  isMarked = false;
  /** A timer watches over its `--task-timeout` while it waits. */
  hasExpiry = false;
  /** Its record has been made; a queue that still holds it drops it. */
  isSettled = false;

  constructor(task: Task, start: Start = task, page = 1, visited?: Set<string>) {
    this.task = task;
    this.start = start;
    this.page = page;
    this.#visited = visited;
    this.origin = start.origin;
    this.url = start.url;
    this.request = start.request;
  }

  /** Limits of its own, instead of those of the options. Undefined for tasks. */
  get maxBody(): Bytes | undefined {
    return undefined;
  }

  get maxRedirs(): number | undefined {
    return undefined;
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

  /** Waits for a retry, which goes to the URL of the first attempt and follows redirects anew. */
  restart(): void {
    this.origin = this.start.origin;
    this.url = this.start.url;
    this.request = this.start.request;
    this.hops = 0;
    this.isHop = false;
  }

  /** The page after this one, with attempts and a time of its own. */
  toPage(start: Start): Job {
    const visited = this.#visited ?? new Set([this.start.url]);
    return new Job(this.task, start, this.page + 1, visited.add(start.url));
  }

  /** A page with that URL has been begun for the task. */
  hasVisited(url: string): boolean {
    return this.#visited?.has(url) ?? url === this.start.url;
  }
}
