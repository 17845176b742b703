import type { Milliseconds } from '../model/units.ts';

/** A request as the routes see it. */
export interface Request {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Empty where the method has none. */
  readonly body: string;
}

/** A whole answer, ready to be written at once. */
export interface Answer {
  readonly status: number;
  /** Names and values in turn, as they go on the wire; `Content-Length` is added. */
  readonly headers: readonly string[];
  readonly body: string | Uint8Array;
  /** Held back this long on top of the latency of the server. */
  readonly delayMs?: Milliseconds;
}

/** An answer whose body is already JSON. */
export function jsonText(status: number, body: string, headers: readonly string[] = []): Answer {
  return { status, headers: headers.length === 0 ? jsonType : [...jsonType, ...headers], body };
}

/** An answer with a value as its JSON. */
export function json(status: number, value: unknown, headers: readonly string[] = []): Answer {
  return jsonText(status, JSON.stringify(value), headers);
}

const jsonType = ['Content-Type', 'application/json'];
