import type { Milliseconds } from '../../model/units.ts';

/** Share of refused and broken exchanges that means overload; below it they are the server's weather. */
const tooMany = 0.08;
/** The share is of about as many as are in flight, and of no fewer. */
const fewest = 20;

/**
 * Tells when a host is overloaded, by the share of exchanges that are refused or break: once for all
 * that were in flight together, as TCP takes the losses of a window for one (RFC 5681, 4.3).
 */
export class Overload {
  #share = 0;
  /** Bad ends of exchanges that started until then have been answered for. */
  #toldAt: Milliseconds = -1;

  /** An exchange ended well. */
  good(inFlight: number): void {
    this.#share -= this.#share / Math.max(fewest, inFlight);
  }

  /** An exchange was refused or broke; true: one too many. */
  bad(startedAt: Milliseconds, now: Milliseconds, inFlight: number): boolean {
    if (startedAt <= this.#toldAt) {
      return false;
    }
    this.#share += (1 - this.#share) / Math.max(fewest, inFlight);
    if (this.#share <= tooMany) {
      return false;
    }
    this.#share = 0;
    this.#toldAt = now;
    return true;
  }
}
