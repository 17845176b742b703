import type { TransformSlow } from '../model/observer.ts';
import type { ResolvedOptions } from '../model/options/options.ts';
import type { Bytes, Milliseconds } from '../model/units.ts';
import type { ChainProblem } from './chain-problem.ts';
import type { TransformSpec } from './spec.ts';

/** What every worker is told when it starts. */
export interface WorkerSettings {
  readonly specs: readonly TransformSpec[];
  /** How bodies are to stand in records. */
  readonly body: ResolvedOptions['body'];
  /** Bodies go on as bytes: they are saved, not shown. */
  readonly keepsBytes: boolean;
  readonly maxBody: Bytes;
  /** Limit of one record; Infinity: none. */
  readonly timeoutMs: Milliseconds;
  /** A transform that keeps its worker for longer, without awaiting anything, is told; absent: none is. */
  readonly slowMs?: Milliseconds | undefined;
}

/** Records on their way to a worker. */
export interface BatchMessage {
  /** A line for each, as `recordLineWithHeaders` makes it, without its body. */
  readonly lines: string;
  /** Their bodies, one after the other. It is transferred. */
  readonly bodies: ArrayBuffer;
  /** The length of each; -1: there is no body. */
  readonly lengths: readonly number[];
  /** Shared: the record that is worked at, and the step of the chain. */
  readonly progress: Int32Array;
}

/** In `progress`: nothing has begun; the transforms are being loaded. From 0: the record at that place. */
export const [isQueued, isLoading] = [-2, -1] as const;

/** What came of a batch, a reply for each record in their order. */
export interface BatchReply {
  readonly replies: readonly Reply[];
  /** How long the worker was at it. */
  readonly busyMs: Milliseconds;
}

/** What a worker answers: what came of a batch, why the transforms do not load, or a fault of this program. */
export type WorkerReply = BatchReply | { readonly usage: string } | { readonly fault: string };

/** What a worker has made of the body: text that is JSON, other text, other bytes, the same bytes, or nothing. */
export type ReplyBody =
  | { readonly form: 'json' | 'text'; readonly text: string }
  | {
      readonly form: 'bytes';
      readonly bytes: Uint8Array<ArrayBuffer>;
      /** As in `Content`. */
      readonly contentType?: string | undefined;
    }
  | 'same'
  | 'none';

/** What came of a record. All JSON in it is text, so that the thread that fetches does not have to make it. */
export type Reply =
  | { readonly kind: 'dropped' }
  | {
      readonly kind: 'failed';
      readonly code: ChainProblem['code'];
      readonly message: string;
      readonly body: ReplyBody;
    }
  | {
      readonly kind: 'done';
      readonly body: ReplyBody;
      /** `result`, as JSON. */
      readonly result: string | undefined;
      /** Fields that a record does not have by itself, as the members of a JSON object. */
      readonly extra: string | undefined;
      /** Fields of the record that have changed, as a JSON object of a `Patch`. */
      readonly patch: string | undefined;
    };

/** Known fields that transforms have changed, and those that they have taken out. */
export interface Patch {
  readonly set: Readonly<Record<string, unknown>>;
  readonly unset: readonly string[];
}

/** That a transform kept its worker for long, sent while a batch is worked at. */
export interface SlowMessage {
  readonly slow: Omit<TransformSlow, 'event' | 'at'>;
}

/** A line for a person, sent while a batch is worked at. */
export interface LogMessage {
  readonly log: string;
}

/** That something went wrong which no record can be blamed for, sent at any time; told once for each text. */
export interface AstrayMessage {
  readonly astray: string;
}
