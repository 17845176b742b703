import type { FailureKind } from '../model/failure.ts';
import type { FetchRecord } from '../model/record.ts';
import type { Bytes, Milliseconds } from '../model/units.ts';
import { FailureTally, type FailureGroup } from './failures.ts';
import { Histogram, type Bucket } from './histogram.ts';
import { PageTally, type PageFigures } from './pages.ts';
import { Slowest, type SlowTask } from './slowest.ts';

/**
 * What became of the tasks, folded over their records in any order. `merge` is exact: the summary
 * of two parts is the summary of the whole. It holds no bodies and does not grow with the tasks.
 */
export class Summary {
  readonly #latency = new Histogram();
  readonly #slowest = new Slowest();
  readonly #failures = new FailureTally();
  readonly #statuses = new Map<number, number>();
  readonly #pages = new PageTally();
  #records = 0;
  #failed = 0;
  #attempts = 0;
  #bytes = 0;

  /** Takes in one record, on the hot path. */
  add(record: FetchRecord): void {
    const { attempts, status, bytes, error, page } = record;
    this.#records += 1;
    this.#failed += record.ok ? 0 : 1;
    this.#attempts += attempts;
    if (attempts > 0) {
      this.#latency.record(record.timing.total);
      this.#slowest.offer(record.timing.total, record);
    }
    if (bytes !== undefined) {
      this.#bytes += bytes;
    }
    if (status !== undefined) {
      this.#countStatus(status, 1);
    }
    if (error !== undefined) {
      this.#failures.add(record, error);
    }
    if (page !== undefined) {
      this.#pages.add(record, page);
    }
  }

  /** Takes in all that `other` took in. */
  merge(other: Summary): void {
    this.#latency.merge(other.#latency);
    this.#slowest.merge(other.#slowest);
    this.#failures.merge(other.#failures);
    this.#pages.merge(other.#pages);
    for (const [status, count] of other.#statuses) {
      this.#countStatus(status, count);
    }
    this.#records += other.#records;
    this.#failed += other.#failed;
    this.#attempts += other.#attempts;
    this.#bytes += other.#bytes;
  }

  /** Tasks that have failed so far. */
  get failed(): number {
    return this.#failed; // a page that fails is the last of its task
  }

  toJSON(): SummaryFigures {
    const latency = this.#latency;
    const failures = this.#failures.toJSON();
    const total = this.#records - this.#pages.later;
    return {
      tasks: {
        total,
        ok: total - this.#failed,
        failed: this.#failed,
        sent: latency.count - this.#pages.laterSent,
      },
      ...(this.#pages.total > 0 && { pages: this.#pages.toJSON() }),
      attempts: this.#attempts,
      retries: this.#attempts - latency.count, // what was sent, a task or a page, had one first attempt
      bytes: this.#bytes,
      sequentialMs: latency.sum,
      statuses: Object.fromEntries(this.#statuses), // whole numbers as keys: in ascending order
      failureKinds: byKind(failures),
      failures,
      ...(latency.count > 0 && { latencyMs: latencyFigures(latency) }),
      histogram: latency.toJSON(),
      slowest: this.#slowest.toJSON(),
    };
  }

  #countStatus(status: number, count: number): void {
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + count);
  }
}

/** What is known from the records alone. */
export interface SummaryFigures {
  /** `sent`: tried at least once, and so part of the latencies. */
  readonly tasks: {
    readonly total: number;
    readonly ok: number;
    readonly failed: number;
    readonly sent: number;
  };
  /** Where pages are followed: then the figures below are of pages, each of which has a record. */
  readonly pages?: PageFigures;
  /** Over all tasks; redirect hops are not counted. */
  readonly attempts: number;
  /** Attempts after a task's first. */
  readonly retries: number;
  /** Decoded bodies. */
  readonly bytes: Bytes;
  /** The times of all tasks added up: how long they would have taken one after the other. */
  readonly sequentialMs: Milliseconds;
  /** Tasks by final HTTP status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Failed tasks by kind. */
  readonly failureKinds: Readonly<Partial<Record<FailureKind, number>>>;
  /** Failed tasks by code, the most frequent first. */
  readonly failures: readonly FailureGroup[];
  /** First permit to end of task, retries included. Absent when no task was sent. */
  readonly latencyMs?: LatencyFigures;
  /** The latencies in ranges no wider than 1 % of their values; empty ranges are left out. */
  readonly histogram: readonly Bucket[];
  /** At most ten, slowest first. */
  readonly slowest: readonly SlowTask[];
}

/** `min` and `max` are exact, the quantiles within 0.5 %. */
export interface LatencyFigures {
  readonly min: Milliseconds;
  readonly mean: Milliseconds;
  readonly p50: Milliseconds;
  readonly p90: Milliseconds;
  readonly p99: Milliseconds;
  readonly max: Milliseconds;
}

function latencyFigures(latency: Histogram): LatencyFigures {
  return {
    min: latency.min,
    mean: latency.sum / latency.count,
    p50: latency.quantile(0.5),
    p90: latency.quantile(0.9),
    p99: latency.quantile(0.99),
    max: latency.max,
  };
}

function byKind(failures: readonly FailureGroup[]): Partial<Record<FailureKind, number>> {
  const kinds: Partial<Record<FailureKind, number>> = {};
  for (const { kind, count } of failures) {
    kinds[kind] = (kinds[kind] ?? 0) + count;
  }
  return kinds;
}
