import { Engine } from './fetch/engine.ts';
import type { EngineSettings } from './fetch/engine-settings.ts';
import { connectorSettings } from './fetch/http/connector-settings.ts';
import type { Identity } from './fetch/identity/identity.ts';
import { needsIdentity } from './fetch/identity/needs-identity.ts';
import { startSamples } from './fetch/observe/samples.ts';
import type { ResolvedOptions } from './model/options/options.ts';
import type { ResolvedTransformOptions } from './model/options/transform-options.ts';
import type { SentMarks } from './model/marks.ts';
import { usualSlowness, type RunObserver } from './model/observer.ts';
import { proxyChoice, type Environment } from './model/proxy/proxy-choice.ts';
import type { FetchRecord } from './model/record.ts';
import type { RunState } from './model/run-state.ts';
import type { EngineStats } from './model/stats.ts';
import type { Task } from './model/task.ts';
import type { Milliseconds } from './model/units.ts';
import { report, type SummaryReport } from './report/report.ts';
import { withTransforms } from './report/render-transforms.ts';
import { Summary } from './report/summary.ts';
import type { Sink } from './sinks/sink.ts';
import { watchedSink } from './sinks/watched.ts';
import { WritesUnderWay } from './sinks/writes-under-way.ts';
import type { TransformStage } from './transforms/stage.ts';

/** What a run takes beside its options. */
export interface RunSettings extends Pick<EngineSettings, 'resolver' | 'random' | 'observer'> {
  /** Bodies of tasks that succeed stay bytes, whatever `body` says: they are saved, not shown. */
  readonly savesBodies?: boolean | undefined;
  /** Aborting it gives up what is in flight and makes the iteration throw the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Environment variables: those that name proxies count. The command line gives its own; absent: none. */
  readonly env?: Environment | undefined;
  /** A transform that keeps its worker for longer is told to the observer, in milliseconds; absent: 100. */
  readonly slowMs?: Milliseconds | undefined;
  /** Told, in one line, of what goes wrong with no task in particular, such as a token that is not renewed. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/**
 * One run: source -> engine -> transforms -> consumer, with the summary beside it. Iterate it once, by
 * record or by batch. Throws a `UsageError` when a certificate cannot be read or used.
 */
export class BulkFetch implements AsyncIterable<FetchRecord> {
  readonly options: RunChoices;
  readonly #engine: Engine;
  readonly #source: AsyncIterable<readonly Task[]>;
  readonly #signal: AbortSignal | undefined;
  readonly #onWarning: (message: string) => void;
  readonly #observer: RunObserver | undefined;
  readonly #savesBodies: boolean;
  readonly #slowMs: Milliseconds;
  readonly #summary = new Summary();
  #opening: Promise<TransformStage | undefined> | undefined;
  #transforms: TransformStage | undefined;
  #identity: Promise<Identity | undefined> | undefined;
  #startedAt: Milliseconds = 0;
  #endedAt: Milliseconds | undefined;
  #isInterrupted = false;

  constructor(source: AsyncIterable<readonly Task[]>, options: RunChoices, settings: RunSettings = {}) {
    const { savesBodies = false, slowMs = usualSlowness } = settings;
    this.options = options;
    this.#source = source;
    this.#engine = new Engine(options, {
      ...settings,
      ...connectorSettings(options),
      proxyOf: proxyChoice(options, settings.env),
      keepsBytes: savesBodies || hasTransforms(options),
    });
    this.#savesBodies = savesBodies;
    this.#slowMs = slowMs;
    this.#signal = settings.signal;
    this.#onWarning = settings.onWarning ?? (() => {});
    this.#observer = settings.observer;
  }

  /**
   * Has at hand what the options name: loads transforms, reads files of who we are, gets a token. Iterating
   * does it too, but whoever has output to open first learns here whether there is a run at all. Throws a
   * `UsageError`, and a `SinkError` for a cookie jar that will not be writable.
   */
  async open(): Promise<void> {
    this.#transforms = await (this.#opening ??= this.#openTransforms());
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
    const onAbort = () => {
      this.#engine.abort();
      void this.#transforms?.close();
    };
    this.#signal?.addEventListener('abort', onAbort, { once: true });
    let identity: Identity | undefined;
    let endSamples: (() => void) | undefined;
    try {
      await this.open();
      identity = await this.#identity;
      this.#startedAt = performance.now();
      endSamples = this.#observer && startSamples(() => this.state(), this.#observer);
      const fetched = this.#engine.run(this.#source, identity, marks);
      const records = this.#transforms?.over(fetched, () => this.#engine.abort()) ?? fetched;
      for await (const batch of records) {
        for (const record of batch) {
          this.#summary.add(record);
        }
        yield this.options.omitDropped === true ? batch.filter(({ dropped }) => dropped !== true) : batch;
      }
      this.#signal?.throwIfAborted();
    } finally {
      this.#signal?.removeEventListener('abort', onAbort);
      this.#endedAt = performance.now();
      endSamples?.();
      await this.#transforms?.close();
      await identity?.close();
    }
  }

  /** Loaded only when there are any. */
  async #openTransforms(): Promise<TransformStage | undefined> {
    if (!hasTransforms(this.options)) {
      return undefined;
    }
    const { openTransforms } = await import('./transforms/open.ts');
    return openTransforms(this.options, {
      keepsBytes: this.#savesBodies,
      signal: this.#signal,
      onLog: this.#onWarning,
      observer: this.#observer,
      slowMs: this.#slowMs,
    }).catch((error: unknown) => {
      this.#signal?.throwIfAborted(); // that is why
      throw error;
    });
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
    const writes = new WritesUnderWay(
      this.#observer === undefined ? sink : watchedSink(sink, this.#observer),
    );
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
    return this.#engine.stats(this.#transforms?.ended);
  }

  /** The same in detail: which hosts, which exchanges. */
  state(): RunState {
    return this.#engine.state(this.#transforms?.ended);
  }

  /** The summary so far; after the last batch, of the whole run. */
  summary(): SummaryReport {
    const transforms = this.#transforms?.figures();
    const elapsedMs = (this.#endedAt ?? performance.now()) - this.#startedAt;
    const flow = withTransforms(this.#engine.flow.figures(), transforms, elapsedMs);
    const { tripped } = this.#engine.stats();
    return report(this.#summary, {
      elapsedMs,
      concurrency: this.#engine.concurrency,
      interrupted: this.#isInterrupted || this.#signal?.aborted === true,
      ...(isPaced(this.options) && { paced: true }),
      ...(flow !== undefined && { flow }),
      ...(tripped !== undefined && { tripped }),
      ...(transforms !== undefined && { transforms }),
    });
  }
}

/** The options of a run; those of transforms may be absent. */
export type RunChoices = ResolvedOptions & Partial<ResolvedTransformOptions>;

function hasTransforms(options: RunChoices): options is ResolvedOptions & ResolvedTransformOptions {
  return options.transform !== undefined && options.transform.length > 0;
}

/** Something else than its concurrency sets the pace: then there is no ideal to compare with. */
function isPaced(options: RunChoices): boolean {
  const { concurrency, respectRobots, rate, perHost, perHostRate, breaker } = options;
  const limits = [rate, perHost, perHostRate, breaker];
  return (
    hasTransforms(options) ||
    concurrency === 'auto' ||
    respectRobots ||
    limits.some((limit) => limit !== undefined)
  );
}
