import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { AnswerMessage, CallMessage, Calls, FileSettings } from './calls.ts';
import { toError } from './faults.ts';

/** Somebody waits for an answer. */
interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

/**
 * A thread with one connection, started by the first call. It keeps the process alive only while a call is
 * under way. Calls are done in their order, except that the rows of a query come when they are there.
 */
export class Thread {
  readonly #settings: FileSettings;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #calls = 0;
  #closed: Promise<void> | undefined;

  constructor(settings: FileSettings) {
    this.#settings = settings;
  }

  /** True when there is, or was, something to do. */
  get isUsed(): boolean {
    return this.#calls > 0;
  }

  /** Throws an `AwayError`, `RefusedError` or `StatementError`, or an `Error` for a bug of ours. */
  call<Name extends keyof Calls>(
    name: Name,
    ...values: Parameters<Calls[Name]>
  ): Promise<ReturnType<Calls[Name]>> {
    if (this.#closed !== undefined) {
      return Promise.reject(new Error(`the database is closed: ${name}`));
    }
    return this.#ask(name, values) as Promise<ReturnType<Calls[Name]>>;
  }

  /** Ends the thread when it has done what it was asked for. Called again, it does nothing more. */
  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  /** The same, wherever it is: what it was asked for fails. */
  abandon(): Promise<void> {
    return (this.#closed ??= this.#abandon());
  }

  #ask(name: keyof Calls, values: readonly unknown[]): Promise<unknown> {
    const worker = (this.#worker ??= this.#start());
    const call = this.#calls++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(call, { resolve, reject });
    worker.ref();
    worker.postMessage({ call, name, values } satisfies CallMessage, []);
    return promise;
  }

  async #close(): Promise<void> {
    const worker = this.#worker;
    if (worker !== undefined) {
      const ended = once(worker, 'exit');
      await this.#ask('close', []);
      worker.ref();
      await ended;
    }
  }

  async #abandon(): Promise<void> {
    this.#worker?.ref();
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(workerFile, {
      name: 'sqlite',
      workerData: this.#settings,
      // Node 22 and 24 say on standard error that node:sqlite is experimental; nothing else is in the thread.
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    worker.on('message', (message: AnswerMessage) => this.#settle(message));
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', () => this.#fail(new Error('the thread of the database has ended')));
    return worker;
  }

  #settle({ call, answer, fault }: AnswerMessage): void {
    const waiting = this.#waiting.get(call);
    this.#waiting.delete(call);
    if (this.#waiting.size === 0 && this.#closed === undefined) {
      this.#worker?.unref();
    }
    if (fault === undefined) {
      waiting?.resolve(answer);
    } else {
      waiting?.reject(toError(fault));
    }
  }

  /** The next call, if there is one, has a new thread. */
  #fail(error: unknown): void {
    this.#worker = undefined;
    for (const waiting of this.#waiting.values()) {
      waiting.reject(error instanceof Error ? error : new Error(String(error)));
    }
    this.#waiting.clear();
  }
}

/** Beside this file in the sources, beside the bundle in `dist`. */
const workerFile = new URL(
  import.meta.url.endsWith('.ts') ? './worker.ts' : './sqlite-worker.js',
  import.meta.url,
);
