import type { Milliseconds } from '../../model/units.ts';

/** What the thread of the watchdog is given. */
export interface WatchdogData {
  /** One 64-bit number: when the main thread has last shown that its event loop turns, in ns of `process.hrtime`. */
  readonly beats: BigInt64Array<SharedArrayBuffer>;
  /** One number, by which the two part when the process exits at once, and no message comes through any more. */
  readonly parting: Int32Array<SharedArrayBuffer>;
  /** How long it may fail to. */
  readonly thresholdMs: Milliseconds;
}

/** What `parting` says: the main thread is about to exit; the thread has let go of it. */
export const parting = { none: 0, asked: 1, done: 2 } as const;

/** The event loop turns again; `beat` was the last before. `stop`: nothing more comes. */
export type WatchdogCall = { readonly beat: bigint; readonly blockedMs: Milliseconds } | 'stop';

/** What was found: the innermost frame first; none where it was over too soon to look. */
export interface Blocked {
  readonly blockedMs: Milliseconds;
  readonly frames: readonly Frame[];
}

/** A function that was running. */
export interface Frame {
  /** Empty: it has none. */
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}
