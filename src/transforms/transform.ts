import type { Bytes } from '../model/units.ts';

/**
 * From a record to a record, on a worker thread: the default export of a module of the user's, or what a
 * built-in gives. It may change the record that it is given, or give another; undefined drops it.
 * What it throws is the failure of that record alone.
 */
export type Transform = (
  record: TransformRecord,
  context: TransformContext,
) => TransformRecord | undefined | Promise<TransformRecord | undefined>;

/** A record as the output line says it, with every header field. Other fields may be added. */
export interface TransformRecord {
  readonly index: number;
  readonly id: string;
  readonly url: string;
  readonly page?: number;
  readonly next?: string;
  ok: boolean;
  status?: number;
  headers?: Record<string, string | string[]>;
  /** Length of the body as it came, its Content-Encoding undone. */
  bytes?: number;
  /** As `--body` asks for it: parsed JSON, text, or base64; made when it is first read. */
  body?: unknown;
  bodyEncoding?: 'base64';
  meta?: unknown;
  /** What transforms have found: the place for it. */
  result?: unknown;
  [field: string]: unknown;
}

/** What a transform is given beside the record. */
export interface TransformContext {
  /** The body as it came, its Content-Encoding undone; empty where there is none. */
  readonly bytes: Uint8Array;
  /** The Content-Type of `bytes`. */
  readonly contentType: string | undefined;
  /** The longest body: what is unpacked must not be longer. */
  readonly maxBody: Bytes;
  /** Aborted at the limit of time of this record, `--transform-timeout`; soon after it, the worker is ended. */
  readonly signal: AbortSignal;
  /** Tells a person one line, on standard error. */
  log(message: string): void;
  /**
   * Makes other bytes the body, as if they had come: `bytes` and the `body` of the record are those from
   * now on, for the transforms that follow too. Without a type, what they are is told by their content.
   */
  replaceBody(bytes: Uint8Array, contentType?: string): void;
}

/** A transform that comes with bulkfetch, by its name: `name:argument`. */
export interface Builtin {
  /** One line for a person: what it does, and its argument. */
  readonly about: string;
  /**
   * Makes the transform; undefined: there is no colon. Called in every worker, in the first one before anything
   * is fetched. Throws a `UsageError`.
   */
  parse(argument: string | undefined): Transform | Promise<Transform>;
}
