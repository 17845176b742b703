import type { Failure } from './failure.ts';

/** Milliseconds on the monotonic clock; a phase that did not happen is absent. */
export interface Timing {
  /** From the permit to the first byte written or the start of connecting (HAR `blocked`). */
  queue: number;
  dns?: number;
  connect?: number;
  tls?: number;
  /** From the request written to the head of the answer (HAR `wait`). */
  firstByte?: number;
  /** From the head of the answer to its last byte (HAR `receive`). */
  download?: number;
  /** Earlier attempts, earlier redirect hops and the waits between them. */
  earlier?: number;
  /** The sum of the others: from the first permit to the end of the task. */
  total: number;
}

/** A body as it was kept: text that is JSON, other text, or bytes. */
export type Content =
  | { readonly form: 'json'; readonly text: string }
  | { readonly form: 'text'; readonly text: string }
  | { readonly form: 'base64'; readonly bytes: Uint8Array };

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
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | undefined;
  readonly bytes?: number | undefined;
  readonly content?: Content | undefined;
  readonly error?: Failure | undefined;
  readonly finalUrl?: string | undefined;
  readonly meta?: unknown;
}

/**
 * How a task ended: exactly one for every task, whether it succeeded or not. `JSON.stringify` gives
 * the output line. Fields that do not apply are undefined here and absent there.
 */
export class FetchRecord implements RecordFields {
  readonly index: number;
  readonly id: string;
  readonly url: string;
  /** True when the final status is below 400 and the body is whole. */
  readonly ok: boolean;
  readonly status: number | undefined;
  /** How often it was tried; redirect hops are not counted. 0: it was never sent. */
  readonly attempts: number;
  /** Response header fields, names in lower case; a repeated field is an array. */
  readonly headers: Readonly<Record<string, string | readonly string[]>> | undefined;
  /** Length of the body after decoding its Content-Encoding. */
  readonly bytes: number | undefined;
  /** The body as kept; `body` gives its value. */
  readonly content: Content | undefined;
  readonly error: Failure | undefined;
  readonly timing: Readonly<Timing>;
  /** Start of the first attempt, milliseconds since the epoch. */
  readonly startedAt: number;
  /** Where redirects led, when there were any. */
  readonly finalUrl: string | undefined;
  readonly meta: unknown;

  constructor(fields: RecordFields) {
    this.index = fields.index;
    this.id = fields.id;
    this.url = fields.url;
    this.ok = fields.ok;
    this.status = fields.status;
    this.attempts = fields.attempts;
    this.headers = fields.headers;
    this.bytes = fields.bytes;
    this.content = fields.content;
    this.error = fields.error;
    this.timing = fields.timing;
    this.startedAt = fields.startedAt;
    this.finalUrl = fields.finalUrl;
    this.meta = fields.meta;
  }

  /** Parsed JSON, text, or base64 (then `bodyEncoding` is set); undefined when no body was kept. */
  get body(): unknown {
    const { content } = this;
    switch (content?.form) {
      case undefined:
        return undefined;
      case 'json':
        return JSON.parse(content.text);
      case 'text':
        return content.text;
      case 'base64':
        return Buffer.from(content.bytes).toString('base64');
      default:
        return content satisfies never;
    }
  }

  /** Set when `body` is not the body itself but an encoding of its bytes. */
  get bodyEncoding(): 'base64' | undefined {
    return this.content?.form === 'base64' ? 'base64' : undefined;
  }
}
