import fs from 'node:fs';
import { Engine, type EngineSettings } from './fetch/engine.ts';
import { messageOf, UsageError } from './model/errors.ts';
import type { ResolvedOptions } from './model/options.ts';
import type { FetchRecord } from './model/record.ts';
import type { EngineStats } from './model/stats.ts';
import type { Task } from './model/task.ts';
import type { Milliseconds } from './model/units.ts';
import { report, type SummaryReport } from './report/report.ts';
import { Summary } from './report/summary.ts';
import type { Sink } from './sinks/sink.ts';

/** What a run takes beside its options. */
export interface RunSettings extends Pick<EngineSettings, 'resolver' | 'random'> {
  /** Aborting it gives up what is in flight and makes the iteration throw the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * One run: source -> engine -> consumer, with the summary beside it. Iterate it once, by record or
 * by batch. Throws a `UsageError` when `cacert` cannot be read.
 */
export class BulkFetch implements AsyncIterable<FetchRecord> {
  readonly options: ResolvedOptions;
  readonly #engine: Engine;
  readonly #source: AsyncIterable<readonly Task[]>;
  readonly #signal: AbortSignal | undefined;
  readonly #summary = new Summary();
  #startedAt: Milliseconds = 0;
  #endedAt: Milliseconds | undefined;
  #isInterrupted = false;

  constructor(source: AsyncIterable<readonly Task[]>, options: ResolvedOptions, settings: RunSettings = {}) {
    this.options = options;
    this.#source = source;
    this.#engine = new Engine(options, { ...settings, ca: readCa(options.cacert) });
    this.#signal = settings.signal;
  }

  /** Record by record, in order of completion (of input with `ordered`). */
  async *[Symbol.asyncIterator](): AsyncGenerator<FetchRecord, void> {
    for await (const batch of this.batches()) {
      yield* batch;
    }
  }

  /** As records come, in the batches in which the engine hands them over. */
  async *batches(): AsyncGenerator<readonly FetchRecord[], void> {
    this.#signal?.throwIfAborted();
    const onAbort = () => this.#engine.abort();
    this.#signal?.addEventListener('abort', onAbort, { once: true });
    this.#startedAt = performance.now();
    try {
      for await (const batch of this.#engine.run(this.#source)) {
        for (const record of batch) {
          this.#summary.add(record);
        }
        yield batch;
      }
      this.#signal?.throwIfAborted();
    } finally {
      this.#signal?.removeEventListener('abort', onAbort);
      this.#endedAt = performance.now();
    }
  }

  /** Runs to the end into a sink. */
  async into(sink: Sink): Promise<void> {
    for await (const batch of this.batches()) {
      await sink.write(batch);
    }
  }

  /** Starts nothing further and ends when what is in flight has ended. Tasks not started get no record. */
  drain(): void {
    this.#isInterrupted = true;
    this.#engine.drain();
  }

  /** Tasks that have failed so far. */
  get failed(): number {
    return this.#summary.failed;
  }

  /** What is going on now. */
  stats(): EngineStats {
    return this.#engine.stats();
  }

  /** The summary so far; after the last batch, of the whole run. */
  summary(): SummaryReport {
    return report(this.#summary, {
      elapsedMs: (this.#endedAt ?? performance.now()) - this.#startedAt,
      concurrency: this.options.concurrency,
      interrupted: this.#isInterrupted || this.#signal?.aborted === true,
      ...(isPaced(this.options) && { paced: true }),
    });
  }
}

function isPaced({ rate, perHost, perHostRate }: ResolvedOptions): boolean {
  return rate !== undefined || perHost !== undefined || perHostRate !== undefined;
}

function readCa(path: string | undefined): string | undefined {
  if (path === undefined) {
    return undefined;
  }
  try {
    return fs.readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`--cacert: cannot read ${path}: ${messageOf(error)}`);
  }
}
