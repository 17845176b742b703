import type { Milliseconds } from '../../model/units.ts';

/** Below this a mean says nothing, whatever its spread. */
const fewest = 12;
/** Times that vary a lot are given up to be known well after this, or after so many of their own. */
const longestMs: Milliseconds = 2_000;
const longestTurns = 4;

/** Times of exchanges at one limit, until their mean is known well enough to be compared. */
export class Round {
  readonly #limit: number;
  readonly #precision: number;
  readonly #startedAt: Milliseconds;
  #count = 0;
  #full = 0;
  /** Mean and sum of squared differences from it, kept exact by Welford's method (1962). */
  #mean = 0;
  #squares = 0;

  /** `precision` is the relative standard error at which the mean is good enough. */
  constructor(limit: number, precision: number, now: Milliseconds) {
    this.#limit = limit;
    this.#precision = precision;
    this.#startedAt = now;
  }

  /** Takes in an exchange, and how many were in flight when it ended. */
  add(ms: Milliseconds, active: number): void {
    this.#count++;
    this.#full += active >= this.#limit ? 1 : 0;
    const off = ms - this.#mean;
    this.#mean += off / this.#count;
    this.#squares += off * (ms - this.#mean);
  }

  /** Nothing more is to be learnt. */
  isOver(now: Milliseconds): boolean {
    if (this.#count < fewest) {
      return false;
    }
    const isKnown = this.#count >= this.#limit && this.error <= this.#precision;
    return isKnown || this.lengthMs(now) > Math.max(longestMs, longestTurns * this.#mean);
  }

  /** How long it has gone on. */
  lengthMs(now: Milliseconds): Milliseconds {
    return now - this.#startedAt;
  }

  get meanMs(): Milliseconds {
    return this.#mean;
  }

  /** Standard deviation of the times, relative to their mean. */
  get spread(): number {
    return this.#mean > 0 ? Math.sqrt(this.#squares / this.#count) / this.#mean : 0;
  }

  /** Standard error of the mean, relative to it. */
  get error(): number {
    return this.spread / Math.sqrt(this.#count);
  }

  /**
   * The limit was what held requests back. Otherwise (a rate, a slow source, a slow sink) the times
   * tell nothing about a higher limit.
   */
  get isFull(): boolean {
    return this.#full >= 0.9 * this.#count;
  }
}
