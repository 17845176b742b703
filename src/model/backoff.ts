import type { Milliseconds } from './units.ts';

/** The options that say how long to wait before another try. */
export interface Backoff {
  /** Before the first one. */
  readonly retryDelay: Milliseconds;
  /** The longest, before the jitter. */
  readonly retryMaxDelay: Milliseconds;
  /** By how much each is longer than the one before. */
  readonly retryFactor: number;
}

/**
 * The wait before the next try: exponential with a cap, times a jitter of 0.5 to 1.5, so that those who
 * failed together do not come back together. `retries` counts those before, `random` is in [0, 1).
 */
export function backoffDelay(retries: number, backoff: Backoff, random: number): Milliseconds {
  const growth = Math.min(backoff.retryFactor ** retries, Number.MAX_VALUE); // 0 x Infinity is no time
  return Math.min(backoff.retryMaxDelay, backoff.retryDelay * growth) * (0.5 + random);
}
