import { types } from 'node:util';
import type { Bytes, Milliseconds } from '../model/units.ts';
import type { ChainSettings } from './chain-settings.ts';
import type { TransformContext, TransformRecord } from './transform.ts';
import { WorkerBody } from './worker-body.ts';

/** How far a chain is with a record: what its steps must not get hold of but through the context. */
export class Progress {
  /** That of the step. */
  record: TransformRecord;
  body: WorkerBody;
  readonly #timeoutMs: Milliseconds;
  readonly #startedAt = performance.now();

  constructor(record: TransformRecord, bytes: Uint8Array, { body, timeoutMs }: ChainSettings) {
    this.record = record;
    this.#timeoutMs = timeoutMs;
    this.body = new WorkerBody(bytes, contentTypeOf(record), body);
    this.body.install(record);
  }

  /** What is left of the time; below 0: it is late. */
  get leftMs(): Milliseconds {
    return this.#startedAt + this.#timeoutMs - performance.now();
  }

  get isLate(): boolean {
    return this.leftMs < 0;
  }
}

/** The context of one record, for all steps of the chain. A module may set on it what it likes. */
export class Context implements TransformContext {
  readonly maxBody: Bytes;
  readonly #progress: Progress;
  readonly #settings: ChainSettings;
  #signal: AbortSignal | undefined;

  constructor(progress: Progress, settings: ChainSettings) {
    this.maxBody = settings.maxBody;
    this.#progress = progress;
    this.#settings = settings;
  }

  get bytes(): Uint8Array {
    return this.#progress.body.bytes;
  }

  get contentType(): string | undefined {
    return this.#progress.body.contentType;
  }

  /** Made when it is asked for: most transforms have no use for it. */
  get signal(): AbortSignal {
    const { leftMs } = this.#progress;
    this.#signal ??= Number.isFinite(leftMs)
      ? AbortSignal.timeout(Math.max(0, Math.ceil(leftMs)))
      : new AbortController().signal;
    return this.#signal;
  }

  log(message: string): void {
    this.#settings.onLog(message);
  }

  /** Looks at what it is given: a module need not be TypeScript. */
  replaceBody(bytes: unknown, contentType?: unknown): void {
    if (!types.isUint8Array(bytes)) {
      throw new TypeError(`replaceBody takes bytes, as in Buffer.from(text), not ${nameOf(bytes)}`);
    }
    if (contentType !== undefined && typeof contentType !== 'string') {
      throw new TypeError(`replaceBody takes a Content-Type that is text, not ${nameOf(contentType)}`);
    }
    const { record } = this.#progress;
    this.#progress.body = new WorkerBody(bytes, contentType, this.#settings.body);
    this.#progress.body.install(record);
    record.bytes = bytes.byteLength;
  }
}

/** What a value is, for a person. */
export function nameOf(value: unknown): string {
  if (value === null || value === undefined) {
    return String(value);
  }
  if (Array.isArray(value)) {
    return 'a list';
  }
  const kind = typeof value;
  return kind === 'object' ? 'an object' : kind === 'string' ? 'a text' : `a ${kind}`;
}

function contentTypeOf({ headers }: TransformRecord): string | undefined {
  const type = headers?.['content-type'];
  return Array.isArray(type) ? type[0] : type;
}
