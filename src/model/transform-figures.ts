import type { Milliseconds } from './units.ts';

/** What the transforms of a run did. */
export interface TransformFigures {
  /** Records that went through them. */
  readonly records: number;
  /** Those that they dropped. */
  readonly dropped: number;
  /** Those that they failed over. */
  readonly failed: number;
  /** Threads that they may run on. */
  readonly workers: number;
  /** The times added up that threads were at work. */
  readonly busyMs: Milliseconds;
  /** Workers that had to be replaced. */
  readonly replaced: number;
}
