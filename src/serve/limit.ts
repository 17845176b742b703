import type { Milliseconds, PerSecond } from '../model/units.ts';

/** Asked at a request's arrival: 0 when it may pass, else the whole seconds after which to come again. */
export type RateLimit = (nowMs: Milliseconds) => number;

/**
 * Lets `rate` requests a second pass, and after a pause a burst of at most one second's worth.
 * Source: the generic cell rate algorithm in its virtual scheduling form (ITU-T I.371, annex A).
 */
export function createRateLimit(rate: PerSecond): RateLimit {
  const intervalMs = 1000 / rate;
  const burstMs = Math.max(0, 1000 - intervalMs);
  let expectedMs = 0;
  return (nowMs) => {
    const earlyMs = expectedMs - nowMs;
    if (earlyMs > burstMs + rounding) {
      return Math.ceil((earlyMs - burstMs) / 1000);
    }
    expectedMs = Math.max(expectedMs, nowMs) + intervalMs;
    return 0;
  };
}

/** 1000 / rate is not exact: without this slack the last request of a burst might be refused. */
const rounding: Milliseconds = 1e-6;
