import type { Milliseconds } from '../../../src/model/units.ts';

/** What `fetching.ts` prints. */
export interface FetchingFigures {
  /** From the first request to the last record. */
  readonly seconds: number;
  /** What the transforms made of the first record. */
  readonly first: unknown;
  /** How late the event loop was: the 99th of a hundred looks, one each millisecond, and the longest. */
  readonly loopP99Ms: Milliseconds;
  readonly loopMaxMs: Milliseconds;
  readonly latencyP99Ms: Milliseconds;
}
