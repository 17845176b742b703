import { PassThrough } from 'node:stream';
import type { RunEvent } from '../../model/observer.ts';
import type { ResolvedOptions } from '../../model/options/options.ts';
import type { FetchRecord } from '../../model/record.ts';
import type { Task } from '../../model/task.ts';
import { BulkFetch, type RunSettings } from '../../run.ts';
import type { Visit } from './evidence.ts';
import type { Probe } from './probes.ts';

/** Requests one after the other, by one run, so that a later one may use the connection of an earlier one. */
export class Visits {
  /** All so far. */
  readonly done: Visit[] = [];
  readonly #tasks = new PassThrough({ objectMode: true });
  readonly #batches: AsyncGenerator<readonly FetchRecord[], void>;
  /** Those of the run, which reads how many redirects it may follow when it comes to one. */
  readonly #options: { -readonly [Key in keyof ResolvedOptions]: ResolvedOptions[Key] };
  #events: RunEvent[] = [];

  /** Throws a `UsageError` as a run does. */
  constructor(options: ResolvedOptions, settings: RunSettings) {
    const observer = (event: RunEvent) => void this.#events.push(event);
    // What comes once, and its text: a robots.txt has rules whatever its type says.
    this.#options = { ...options, retry: 0, body: 'text' };
    this.#batches = new BulkFetch(this.#tasks, this.#options, { ...settings, observer }).batches();
  }

  /**
   * Sends a request, follows so many redirects, and waits for the end. Throws a `UsageError` for credentials
   * that cannot be had.
   */
  async visit(
    { purpose, request }: Probe,
    { url, origin }: Pick<Task, 'url' | 'origin'>,
    maxRedirs: number,
  ): Promise<Visit> {
    this.#options.maxRedirs = maxRedirs;
    this.#events = [];
    const task: Task = { index: this.done.length, url, origin, request };
    this.#tasks.write([task]);
    const { value } = await this.#batches.next();
    const [record] = value ?? [];
    if (record === undefined) {
      throw new TypeError('a task without a record');
    }
    const events = this.#events;
    const visit = {
      purpose,
      request,
      record,
      exchanges: events.filter((event) => event.event === 'exchange'),
      redirects: events.filter((event) => event.event === 'redirect'),
    };
    this.done.push(visit);
    return visit;
  }

  /** Closes the connections. */
  async close(): Promise<void> {
    this.#tasks.end();
    await this.#batches.return();
  }
}
