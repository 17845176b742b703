import type { Milliseconds, PerSecond } from '../model/units.ts';

/**
 * Timers wake a millisecond or more late. Starts that are due may be made up for within this time,
 * else a rate of 1,000/s would reach half of it; a burst is at most this much of the rate, plus one.
 */
const toleranceMs: Milliseconds = 10;

/** Spaces starts evenly: GCRA, the leaky bucket as a meter (ITU-T I.371), one emission a start. */
export class Pace {
  #intervalMs: Milliseconds;
  #nextAt = 0;

  constructor(rate: PerSecond) {
    this.#intervalMs = 1000 / rate;
  }

  /** Spaces those that follow by another rate. */
  setRate(rate: PerSecond): void {
    this.#intervalMs = 1000 / rate;
  }

  /** Starts a second. */
  get rate(): PerSecond {
    return 1000 / this.#intervalMs;
  }

  /** Milliseconds until the next start is allowed; 0: now. */
  wait(now: Milliseconds): Milliseconds {
    return Math.max(0, this.#nextAt - now);
  }

  /** Counts a start. */
  take(now: Milliseconds): void {
    this.#nextAt = Math.max(this.#nextAt, now - toleranceMs) + this.#intervalMs;
  }
}
