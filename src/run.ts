import { Engine } from './fetch/engine.ts';
import type { EngineSettings } from './fetch/engine-settings.ts';
import { connectorSettings } from './fetch/http/connector-settings.ts';
import type { Identity } from './fetch/identity/identity.ts';
import { needsIdentity } from './fetch/identity/needs-identity.ts';
import type { ResolvedOptions } from './model/options/options.ts';
import type { SentMarks } from './model/marks.ts';
import { proxyChoice, type Environment } from './model/proxy/proxy-choice.ts';
import type { FetchRecord } from './model/record.ts';
import type { EngineStats } from './model/stats.ts';
import type { Task } from './model/task.ts';
import type { Milliseconds } from './model/units.ts';
import { report, type SummaryReport } from './report/report.ts';
import { Summary } from './report/summary.ts';
import type { Sink } from './sinks/sink.ts';
import { WritesUnderWay } from './sinks/writes-under-way.ts';

/** What a run takes beside its options. */
export interface RunSettings extends Pick<EngineSettings, 'resolver' | 'random' | 'savesBodies'> {
  /** Aborting it gives up what is in flight and makes the iteration throw the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Environment variables: those that name proxies count. The command line gives its own; absent: none. */
  readonly env?: Environment | undefined;
  /** Told, in one line, of what goes wrong with no task in particular, such as a token that is not renewed. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/**
 * One run: source -> engine -> consumer, with the summary beside it. Iterate it once, by record or
 * by batch. Throws a `UsageError` when a certificate cannot be read or used.
 */
export class BulkFetch implements AsyncIterable<FetchRecord> {
  readonly options: ResolvedOptions;
  readonly #engine: Engine;
  readonly #source: AsyncIterable<readonly Task[]>;
  readonly #signal: AbortSignal | undefined;
  readonly #onWarning: (message: string) => void;
  readonly #summary = new Summary();
  #identity: Promise<Identity | undefined> | undefined;
  #startedAt: Milliseconds = 0;
  #endedAt: Milliseconds | undefined;
  #isInterrupted = false;

  constructor(source: AsyncIterable<readonly Task[]>, options: ResolvedOptions, settings: RunSettings = {}) {
    this.options = options;
    this.#source = source;
    this.#engine = new Engine(options, {
      ...settings,
      ...connectorSettings(options),
      proxyOf: proxyChoice(options, settings.env),
    });
    this.#signal = settings.signal;
    this.#onWarning = settings.onWarning ?? (() => {});
  }

  /**
   * Has at hand what the options say of who we are: reads files, gets a token. Iterating does it too,
   * but whoever has output to open first learns here whether there is a run at all. Throws a
   * `UsageError`, and a `SinkError` for a cookie jar that will not be writable.
   */
  async open(): Promise<void> {
    await (this.#identity ??= this.#openIdentity());
  }

  /** Record by record, in order of completion (of input with `ordered`). */
  async *[Symbol.asyncIterator](): AsyncGenerator<FetchRecord, void> {
    for await (const batch of this.batches()) {
      yield* batch;
    }
  }

  /**
   * As records come, in the batches in which the engine hands them over. `marks` are made before requests
   * are sent that may not be sent twice; what they throw ends the run.
   */
  async *batches(marks?: SentMarks): AsyncGenerator<readonly FetchRecord[], void> {
    this.#signal?.throwIfAborted();
    const onAbort = () => this.#engine.abort();
    this.#signal?.addEventListener('abort', onAbort, { once: true });
    let identity: Identity | undefined;
    try {
      identity = await (this.#identity ??= this.#openIdentity());
      this.#startedAt = performance.now();
      for await (const batch of this.#engine.run(this.#source, identity, marks)) {
        for (const record of batch) {
          this.#summary.add(record);
        }
        yield batch;
      }
      this.#signal?.throwIfAborted();
    } finally {
      this.#signal?.removeEventListener('abort', onAbort);
      this.#endedAt = performance.now();
      await identity?.close();
    }
  }

  /** Loaded only when it is used: in most runs it is not. */
  async #openIdentity(): Promise<Identity | undefined> {
    if (!needsIdentity(this.options)) {
      return undefined;
    }
    const { openIdentity } = await import('./fetch/identity/open.ts');
    const settings = { signal: this.#signal, onWarning: this.#onWarning };
    return openIdentity(this.options, settings).catch((error: unknown) => {
      this.#signal?.throwIfAborted(); // that is why
      throw error;
    });
  }

  /** Runs to the end into a sink. */
  async into(sink: Sink, marks?: SentMarks): Promise<void> {
    const writes = new WritesUnderWay(sink);
    try {
      for await (const batch of this.batches(marks)) {
        await writes.add(batch);
      }
    } finally {
      await writes.ended();
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
    const flow = this.#engine.flow.figures();
    const { tripped } = this.#engine.stats();
    return report(this.#summary, {
      elapsedMs: (this.#endedAt ?? performance.now()) - this.#startedAt,
      concurrency: this.#engine.concurrency,
      interrupted: this.#isInterrupted || this.#signal?.aborted === true,
      ...(isPaced(this.options) && { paced: true }),
      ...(flow !== undefined && { flow }),
      ...(tripped !== undefined && { tripped }),
    });
  }
}

/** Something else than its concurrency sets the pace: then there is no ideal to compare with. */
function isPaced(options: ResolvedOptions): boolean {
  const { concurrency, respectRobots, rate, perHost, perHostRate, breaker } = options;
  const limits = [rate, perHost, perHostRate, breaker];
  return concurrency === 'auto' || respectRobots || limits.some((limit) => limit !== undefined);
}
