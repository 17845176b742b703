import type { Milliseconds, PerSecond } from '../../model/units.ts';
import { Pace } from '../pace.ts';

/** What is left of a rate that was refused once more: less when that came soon. */
const backOff = { soon: 0.95, late: 0.97 } as const;
const soon: Milliseconds = 5_000;
/** From a refusal until the rate is what it was then. Longer each time that this was the limit again. */
const shortestPlateau: Milliseconds = 3_000;
const longestPlateau: Milliseconds = 60_000;
/** After that the rate grows e-fold in this time, at first slower and then faster. */
const searchMs: Milliseconds = 15_000;
const plateauGrowth = 3;
/** Rates whose logarithms differ by less are the same limit, met again. */
const sameLimit = 0.15;
/** A rate this much above what was accepted is not what the server allows. */
const farAbove = 1.3;
/** So many accepted between two refusals are a measurement. */
const enough = 20;
/** Accepted requests are counted over one to two of these. */
const windowMs: Milliseconds = 2_000;
/** How long to be still after a refusal, so that the next one tells something; doubled while nothing passes. */
const shortestPause: Milliseconds = 200;
const longestPause: Milliseconds = 5_000;
const slowest: PerSecond = 0.1;
const fastest: PerSecond = 1e6;

/**
 * The rate that a host allows, learnt from its refusals (429). How many are in flight does not bound
 * a rate: one at a time is a thousand a second where an answer takes a millisecond.
 *
 * The rate lies between what was accepted since the refusal before, pause included, and the rate that
 * was refused: exactly the first where a server saves up what the pause did not use (a token bucket),
 * the second where it does not. So the search halves that gap, in logarithms, until the same limit is
 * met twice. It grows as the window of CUBIC does (RFC 9438, 4.2; the AWS SDKs' adaptive retry mode
 * has it for rates): fast back to where it was refused, flat around there, then ever faster, so that
 * a limit that was lifted is noticed. Each time that the same limit is met the flat part lasts three
 * times as long, which keeps refusals rare.
 */
export class LearnedRate {
  readonly #pace = new Pace(Number.POSITIVE_INFINITY);
  /** Where growth began and where it is flat; undefined: never refused. */
  #from: PerSecond = 0;
  #top: PerSecond | undefined;
  #plateauMs = shortestPlateau;
  #pauseMs = shortestPause;
  /** When growth began: at the end of the last pause. */
  #grownSince: Milliseconds = 0;
  /** Requests sent earlier belong to the last refusal. */
  #refusedAt: Milliseconds = 0;
  #accepted = 0;
  /** Where counting began: the newer mark takes the older one's place after a window. */
  #older: Mark | undefined;
  #newer: Mark | undefined;

  /** What spaces the host's requests; undefined until it has refused one. */
  get pace(): Pace | undefined {
    return this.#top === undefined ? undefined : this.#pace;
  }

  /** What is allowed, as far as is known. */
  rate(now: Milliseconds): PerSecond | undefined {
    return this.#top === undefined ? undefined : this.#growth(this.#top, now);
  }

  /** A request was not refused. */
  accepted(startedAt: Milliseconds, now: Milliseconds): void {
    this.#newer ??= this.#older = { at: startedAt, accepted: 0 };
    this.#accepted++;
    if (now - this.#newer.at > windowMs) {
      this.#older = this.#newer;
      this.#newer = { at: now, accepted: this.#accepted };
    }
    if (this.#top !== undefined) {
      this.#pace.setRate(this.#growth(this.#top, now));
    }
  }

  /**
   * A request was refused, and the server asked to wait so long. Gives the time for which the host
   * is to be left alone, or undefined when this refusal tells nothing new.
   */
  refused(startedAt: Milliseconds, now: Milliseconds, askedMs: Milliseconds): Milliseconds | undefined {
    if (startedAt < this.#refusedAt) {
      return undefined;
    }
    const since = this.#older ?? { at: startedAt, accepted: 0 };
    const passed = this.#accepted - since.accepted;
    const current = this.rate(now);
    if (passed === 0) {
      this.#pauseMs = Math.min(longestPause, 2 * this.#pauseMs);
      if (current !== undefined) {
        this.#aim(current / 2, current, shortestPlateau);
      }
    } else {
      this.#pauseMs = shortestPause;
      this.#meet({ passed, inMs: Math.max(1, now - since.at), askedMs, now }, current);
    }
    const pauseMs = Math.max(askedMs, this.#pauseMs);
    this.#refusedAt = now;
    this.#grownSince = now + pauseMs;
    if (passed > 0) {
      this.#newer = this.#older = { at: now, accepted: this.#accepted };
    }
    this.#pace.setRate(this.rate(now) ?? slowest);
    return pauseMs;
  }

  #meet({ passed, inMs, askedMs, now }: Refusal, current: PerSecond | undefined): void {
    const measured = (1000 * passed) / inMs;
    const again = [current, measured].find((rate) => isSame(rate, this.#top));
    if (again !== undefined) {
      const left = now - this.#grownSince < soon ? backOff.soon : backOff.late;
      this.#aim(left * again, again, Math.min(longestPlateau, plateauGrowth * this.#plateauMs));
    } else if (passed < enough) {
      const top = Math.min(current ?? Number.POSITIVE_INFINITY, 8 * measured);
      this.#aim(Math.min(measured, top / 2), top, shortestPlateau);
    } else if (current === undefined) {
      this.#aim(measured / 2, measured, shortestPlateau);
    } else if (askedMs > 0 && current > farAbove * measured) {
      this.#aim(0.92 * measured, measured, shortestPlateau); // it says when to come, and by then gave what it allows
    } else {
      this.#aim(Math.sqrt(Math.min(measured, current) * current), current, shortestPlateau);
    }
  }

  #aim(from: PerSecond, top: PerSecond, plateauMs: Milliseconds): void {
    this.#top = Math.max(slowest, top);
    this.#from = Math.min(this.#top * backOff.late, Math.max(slowest / 2, from));
    this.#plateauMs = plateauMs;
  }

  /** A cubic in logarithms until it is flat, then the square of the time. */
  #growth(top: PerSecond, now: Milliseconds): PerSecond {
    const sinceMs = Math.max(0, now - this.#grownSince);
    const left = 1 - sinceMs / this.#plateauMs;
    const cubic = (this.#from / top) ** (left ** 3);
    const factor =
      left > 0 ? cubic : Math.max(cubic, Math.exp(((sinceMs - this.#plateauMs) / searchMs) ** 2));
    return Math.min(fastest, top * factor);
  }
}

/** The same limit, met again. */
function isSame(rate: PerSecond | undefined, top: PerSecond | undefined): boolean {
  return rate !== undefined && top !== undefined && Math.abs(Math.log(rate / top)) < sameLimit;
}

/** What is known at a refusal. */
interface Refusal {
  readonly passed: number;
  readonly inMs: Milliseconds;
  readonly askedMs: Milliseconds;
  readonly now: Milliseconds;
}

/** A moment, and what had been accepted until then. */
interface Mark {
  readonly at: Milliseconds;
  readonly accepted: number;
}
