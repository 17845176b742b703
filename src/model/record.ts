import { valueOf, type Content } from './body/value.ts';
import type { Failure } from './failure.ts';
import type { Bytes } from './units.ts';

/** Milliseconds on the monotonic clock; a phase that did not happen is absent. */
export interface Timing {
  /** From the permit to the first byte written or the start of connecting (HAR `blocked`). */
  queue: number;
  dns?: number | undefined;
  connect?: number | undefined;
  tls?: number | undefined;
  /** From the request written to the head of the answer (HAR `wait`). */
  firstByte?: number | undefined;
  /** From the head of the answer to its last byte (HAR `receive`). */
  download?: number | undefined;
  /** Earlier attempts, earlier redirect hops and the waits between them. */
  earlier?: number | undefined;
  /** The sum of the others: from the first permit to the end of the task. */
  total: number;
}

/** What transforms have made of a record. In JSON, as it is written: it is parsed only where it is read. */
export interface Transformed {
  /** They dropped it: its line says only which one it was. */
  readonly isDropped?: true | undefined;
  /** They set the header fields: all of them are for the line. */
  readonly hasHeaders?: true | undefined;
  /** `result`. */
  readonly result?: string | undefined;
  /** Fields of the user's own, as the members of an object without its braces. */
  readonly extra?: string | undefined;
}

/** What a record is made of. */
export interface RecordFields {
  readonly index: number;
  readonly id: string;
  readonly url: string;
  readonly ok: boolean;
  readonly attempts: number;
  readonly timing: Readonly<Timing>;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly status?: number | undefined;
  readonly httpVersion?: '2' | undefined;
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | undefined;
  readonly bytes?: number | undefined;
  readonly content?: Content | undefined;
  readonly file?: string | undefined;
  readonly error?: Failure | undefined;
  readonly finalUrl?: string | undefined;
  readonly page?: number | undefined;
  readonly next?: string | undefined;
  readonly isResumed?: true | undefined;
  readonly meta?: unknown;
  readonly transformed?: Transformed | undefined;
}

/** The response header fields that the output line keeps, in this order; the rest is for programs. */
export const lineHeaders = [
  'content-type',
  'etag',
  'last-modified',
  'location',
  'link',
  'retry-after',
] as const;

/**
 * How a task ended: exactly one for every task, whether it succeeded or not (where pages are followed,
 * for every page). `recordLine` makes the
 * output line, and `JSON.stringify` the same object. Fields that do not apply are undefined here and
 * absent there.
 */
export class FetchRecord implements RecordFields {
  readonly index: number;
  readonly id: string;
  readonly url: string;
  /** True when the final status is below 400 and the body is whole. */
  readonly ok: boolean;
  readonly status: number | undefined;
  /** Of the answer, when it is not HTTP/1.1. */
  readonly httpVersion: '2' | undefined;
  /** How often it was tried; redirect hops are not counted. 0: it was never sent. */
  readonly attempts: number;
  /** Response header fields, names in lower case; a repeated field is an array. */
  readonly headers: Readonly<Record<string, string | readonly string[]>> | undefined;
  /** Length of the body, its Content-Encoding undone (not so when no body is kept). */
  readonly bytes: number | undefined;
  /** The body as kept; `body` gives its value. */
  readonly content: Content | undefined;
  /** Where the body was saved, instead of standing here. */
  readonly file: string | undefined;
  readonly error: Failure | undefined;
  readonly timing: Readonly<Timing>;
  /** Start of the first attempt, milliseconds since the epoch. */
  readonly startedAt: number;
  /** Where redirects led, when there were any. */
  readonly finalUrl: string | undefined;
  /** Where pages are followed: which one of its task this is, from 1. */
  readonly page: number | undefined;
  /** Where the next page is; undefined on the last one. */
  readonly next: string | undefined;
  /** An earlier run has fetched the pages before this one; no part of the line. */
  readonly isResumed: true | undefined;
  readonly meta: unknown;
  /** As JSON; `result`, `dropped` and `extra` give the values. */
  readonly transformed: Transformed | undefined;

  constructor(fields: RecordFields) {
    this.index = fields.index;
    this.id = fields.id;
    this.url = fields.url;
    this.ok = fields.ok;
    this.status = fields.status;
    this.httpVersion = fields.httpVersion;
    this.attempts = fields.attempts;
    this.headers = fields.headers;
    this.bytes = fields.bytes;
    this.content = fields.content;
    this.file = fields.file;
    this.error = fields.error;
    this.timing = fields.timing;
    this.startedAt = fields.startedAt;
    this.finalUrl = fields.finalUrl;
    this.page = fields.page;
    this.next = fields.next;
    this.isResumed = fields.isResumed;
    this.meta = fields.meta;
    this.transformed = fields.transformed;
  }

  /** Parsed JSON, text, or base64 (then `bodyEncoding` is set); undefined when no body was kept. */
  get body(): unknown {
    return valueOf(this.content);
  }

  /** Set when `body` is not the body itself but an encoding of its bytes. */
  get bodyEncoding(): 'base64' | undefined {
    return this.content?.form === 'base64' ? 'base64' : undefined;
  }

  /** What transforms have found; undefined without any. */
  get result(): unknown {
    const { result } = this.transformed ?? {};
    return result === undefined ? undefined : JSON.parse(result);
  }

  /** Transforms have dropped it; its line says only which one it was. */
  get dropped(): true | undefined {
    return this.transformed?.isDropped;
  }

  /** Fields that transforms have added. */
  get extra(): Readonly<Record<string, unknown>> {
    const { extra } = this.transformed ?? {};
    return extra === undefined ? {} : (JSON.parse(`{${extra}}`) as Record<string, unknown>);
  }

  /** What the output line says, in its order; `recordLine` writes the same without building it. */
  toJSON(): Readonly<Record<string, unknown>> {
    const fields = Object.entries<(record: FetchRecord) => unknown>(lineFields).filter(
      ([name]) => this.dropped === undefined || droppedFields.has(name),
    );
    return { ...Object.fromEntries(fields.map(([name, valueIn]) => [name, valueIn(this)])), ...this.extra };
  }
}

/** The name of a field of the output line. */
export type LineField =
  | Exclude<keyof RecordFields, 'content' | 'isResumed' | 'transformed'>
  | 'body'
  | 'bodyEncoding'
  | 'result'
  | 'dropped';

/** The fields of the output line in their order, and what stands in them. */
export const lineFields = {
  index: ({ index }) => index,
  id: ({ id }) => id,
  url: ({ url }) => url,
  finalUrl: ({ finalUrl }) => finalUrl,
  page: ({ page }) => page,
  next: ({ next }) => next,
  ok: ({ ok }) => ok,
  dropped: ({ dropped }) => dropped,
  status: ({ status }) => status,
  httpVersion: ({ httpVersion }) => httpVersion,
  attempts: ({ attempts }) => attempts,
  headers: kept,
  bytes: ({ bytes }) => bytes,
  body: ({ body }) => body,
  bodyEncoding: ({ bodyEncoding }) => bodyEncoding,
  file: ({ file }) => file,
  result: ({ result }) => result,
  error: ({ error }) => error,
  timing: ({ timing }) => rounded(timing),
  startedAt: ({ startedAt }) => new Date(startedAt).toISOString(),
  meta: ({ meta }) => meta,
} satisfies Record<LineField, (record: FetchRecord) => unknown>;

/** What the line of a dropped record has: enough for a resumed run to know that its task is done. */
export const droppedFields: ReadonlySet<string> = new Set<LineField>([
  'index',
  'id',
  'page',
  'next',
  'ok',
  'dropped',
]);

/** The bytes of the body that a record holds; 0 when it holds none. */
export function heldBytes({ content, bytes = 0 }: Pick<RecordFields, 'content' | 'bytes'>): Bytes {
  return content === undefined ? 0 : bytes;
}

function kept({ headers, transformed }: FetchRecord): FetchRecord['headers'] {
  if (transformed?.hasHeaders === true) {
    return headers;
  }
  const pairs = lineHeaders.flatMap((name) => {
    const value = headers?.[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}

function rounded({ queue, dns, connect, tls, firstByte, download, earlier, total }: Timing) {
  const phases = { queue, dns, connect, tls, firstByte, download, earlier, total };
  return Object.fromEntries(
    Object.entries(phases).map(([phase, ms]) => [phase, ms === undefined ? ms : tenths(ms) / 10]),
  );
}

/** Tenths of a millisecond: finer says nothing about a network. Never negative. */
export function tenths(ms: number): number {
  return Math.max(0, Math.round(ms * 10));
}
