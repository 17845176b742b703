import { fileURLToPath } from 'node:url';
import type { Piscina } from 'piscina';
import { UsageError } from '../model/errors.ts';
import { failure } from '../model/failure.ts';
import type { RunObserver } from '../model/observer.ts';
import type { FetchRecord } from '../model/record.ts';
import type { Milliseconds } from '../model/units.ts';
import { apply, withFailure } from './apply.ts';
import { attempt, crashOf, workerHeap, type Attempt, type Crash } from './attempt.ts';
import { tooLong } from './chain-problem.ts';
import type { AstrayMessage, LogMessage, SlowMessage, WorkerSettings } from './message.ts';
import { newProgress, pack } from './pack.ts';
import { onceEach } from './told.ts';
import { Watch } from './watch.ts';

/** What a pool is told beside what its workers are. */
export interface PoolSettings extends WorkerSettings {
  readonly workers: number;
  /** Told, in one line, what transforms have to say, and what goes wrong with no record in particular. */
  readonly onLog: (message: string) => void;
  /** Told of transforms that are slow; absent in most runs. */
  readonly observer?: RunObserver | undefined;
  /** Aborting it gives up the loading. */
  readonly signal?: AbortSignal | undefined;
}

/** The worker's own file, as it is bundled and as a source. */
const workerFile = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './transform-worker.js', import.meta.url),
);

/** Threads that transform records. A worker that a transform has brought down is replaced. */
export class Pool {
  readonly #settings: PoolSettings;
  readonly #piscina: Piscina;
  readonly #watch: Watch;
  /** Tells what went wrong with no record in particular, each thing once. */
  readonly #tellAstray: (text: string) => void;
  #busyMs: Milliseconds = 0;
  #replaced = 0;

  /** Loads the transforms in a first worker. Throws a `UsageError` for one that does not load. */
  static async open(settings: PoolSettings): Promise<Pool> {
    const { Piscina } = await import('piscina');
    const { workers, onLog, observer, signal, ...workerData } = settings;
    signal?.throwIfAborted();
    const piscina = new Piscina({
      filename: workerFile,
      workerData,
      minThreads: 1,
      maxThreads: workers,
      idleTimeout: Number.POSITIVE_INFINITY,
      resourceLimits: { maxOldGenerationSizeMb: workerHeap },
      // Workers that sleep in `Atomics.wait` would let no timer or socket of a transform get on.
      atomics: 'disabled',
      recordTiming: false,
      // What concerns the text that a process was given on its command line is no business of a worker.
      execArgv: process.execArgv.filter((flag) => !flag.startsWith('--input-type')),
    });
    const pool = new Pool(settings, piscina);
    piscina.on('message', (message: Partial<AstrayMessage & LogMessage & SlowMessage> | null) => {
      if (message?.log !== undefined) {
        onLog(message.log);
      } else if (message?.astray !== undefined) {
        pool.#tellAstray(message.astray);
      } else if (message?.slow !== undefined) {
        observer?.({ event: 'transform-slow', at: performance.now(), ...message.slow });
      } // else a module has the port too
    });
    piscina.on('error', (error: unknown) => pool.#tellCrash(crashOf(error)));
    const giveUp = () => void pool.close();
    signal?.addEventListener('abort', giveUp, { once: true });
    try {
      await pool.#load();
    } catch (error) {
      await pool.close();
      throw error;
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
    return pool;
  }

  private constructor(settings: PoolSettings, piscina: Piscina) {
    this.#settings = settings;
    this.#piscina = piscina;
    this.#watch = new Watch(settings.timeoutMs);
    this.#tellAstray = onceEach(settings.onLog);
  }

  /** The times added up that workers were at work. */
  get busyMs(): Milliseconds {
    return this.#busyMs;
  }

  /** Workers that had to be replaced. */
  get replaced(): number {
    return this.#replaced;
  }

  /**
   * Transforms records, all of which are ok. Where a worker ends over a batch, its records are tried again,
   * each alone, so that what ends then is what did it. By an error of which that is not sure, a record that
   * was alone is tried once more (`isAgain`). Throws what is wrong with more than a record.
   */
  async transform(records: readonly FetchRecord[], isAgain = false): Promise<Transformation> {
    const ended = await attempt(this.#piscina, this.#watch, pack(records));
    if (ended.end === 'done') {
      const { replies, busyMs } = ended.reply;
      this.#busyMs += busyMs;
      return { records: records.map((record, at) => apply(record, replies[at]!)), busyMs };
    }
    this.#replaced++;
    const isAlone = records.length === 1;
    const isSure = ended.end === 'crashed' && isAlone && (isAgain || !ended.isAstray);
    const culprit = ended.end === 'late' ? this.#lateAt(ended) : isSure ? 0 : undefined;
    const again = records.map(async (record, at) =>
      at === culprit ? this.#failed(record, ended) : this.transform([record], isAlone),
    );
    const parts = (await Promise.all(again)).flatMap((part) => part.records);
    if (ended.end === 'crashed' && !parts.some(({ error }) => error?.code === 'TRANSFORM_CRASHED')) {
      this.#tellCrash(ended); // no record says it
    }
    return { records: parts, busyMs: undefined };
  }

  /** Ends all workers at once, whatever they are at. */
  async close(): Promise<void> {
    await this.#piscina.destroy();
  }

  #failed(record: FetchRecord, ended: Exclude<Attempt, { end: 'done' }>): Transformation {
    const { specs, timeoutMs, body } = this.#settings;
    if (ended.end === 'late') {
      const { code, message } = tooLong(specs[Atomics.load(ended.progress, 1)]!.spec, timeoutMs);
      this.#busyMs += timeoutMs;
      return { records: [withFailure(record, failure(code, message), body)], busyMs: undefined };
    }
    const message = `${this.#names}: ${ended.why}`;
    return { records: [withFailure(record, failure('TRANSFORM_CRASHED', message), body)], busyMs: undefined };
  }

  /** The record that did not get on; throws when it was none, for the transforms were still being loaded. */
  #lateAt({ progress }: Extract<Attempt, { end: 'late' }>): number {
    const at = Atomics.load(progress, 0);
    if (at < 0) {
      throw this.#loadError('do not load', 'within --transform-timeout');
    }
    return at;
  }

  async #load(): Promise<void> {
    const ended = await attempt(this.#piscina, this.#watch, { progress: newProgress() });
    if (ended.end === 'late') {
      throw this.#loadError('did not load', 'within --transform-timeout');
    }
    if (ended.end === 'crashed') {
      throw this.#loadError('ended while it was loaded:', ended.why);
    }
  }

  /** That a worker has ended, and by what, when no record has failed by it. */
  #tellCrash({ why }: Crash): void {
    this.#tellAstray(`--transform ${this.#names}: ${why}`);
  }

  get #names(): string {
    return this.#settings.specs.map(({ spec }) => spec).join(', ');
  }

  #loadError(what: string, why: string): UsageError {
    return new UsageError(`--transform: ${this.#names} ${what} ${why}`);
  }
}

/** Records as they have become, in their order. */
export interface Transformation {
  readonly records: readonly FetchRecord[];
  /** How long a worker was at them; undefined: that is not known. */
  readonly busyMs: Milliseconds | undefined;
}
