import type { BreakerRule } from '../model/options/breaker-rule.ts';
import type { Milliseconds } from '../model/units.ts';

/** How many of the last attempts count, and how many there have to be. */
const windowSize = 20;
const fewest = 10;

const longestPause: Milliseconds = 300_000;

/** Pauses in a row, each ended by a probe that failed, after which a host is given up. */
const mostPauses = 6;

/** Where a breaker stands. Open past its time it is what the literature calls half-open. */
type State =
  | { readonly name: 'closed' }
  | { readonly name: 'open'; readonly until: Milliseconds; readonly inARow: number }
  | { readonly name: 'down' };

const closed: State = { name: 'closed' };

/**
 * A circuit breaker (Nygard, "Release It!", 2007) for one host. When so large a share of its last
 * attempts has failed (a window that counts attempts, as in resilience4j: one that counts seconds sees
 * nothing of a host on which each attempt takes a time-out), it gets no request for a while, then a
 * single one, the probe. When that succeeds, all goes on; when it fails, the pause is twice as long,
 * up to five minutes (Envoy's `max_ejection_time`); after six in a row the host is given up.
 */
export class Breaker {
  readonly #rule: BreakerRule;
  /** Whether each of the last attempts failed; the oldest is at `#at` when there are `windowSize`. */
  #window: boolean[] = [];
  #at = 0;
  #state: State = closed;
  #pauses = 0;

  constructor(rule: BreakerRule) {
    this.#rule = rule;
  }

  /** Pauses begun so far. */
  get pauses(): number {
    return this.#pauses;
  }

  /** The host is given up. */
  get isDown(): boolean {
    return this.#state.name === 'down';
  }

  /** Exchanges that may be under way at once: one, the probe, unless it is closed. */
  get mostActive(): number {
    return this.#state.name === 'closed' ? Number.POSITIVE_INFINITY : 1;
  }

  /** Milliseconds until the pause is over; 0: there is none. */
  wait(now: Milliseconds): Milliseconds {
    return this.#state.name === 'open' ? Math.max(0, this.#state.until - now) : 0;
  }

  /** An attempt has ended. Those that began before a pause say nothing about the time after it. */
  ended(hasFailed: boolean, startedAt: Milliseconds, now: Milliseconds): void {
    const state = this.#state;
    switch (state.name) {
      case 'closed':
        this.#count(hasFailed);
        if (this.#isTooMuch) {
          this.#open(1, now);
        }
        return;
      case 'open':
        if (startedAt < state.until) {
          return;
        }
        if (!hasFailed) {
          this.#state = closed;
        } else if (state.inARow === mostPauses) {
          this.#state = { name: 'down' };
        } else {
          this.#open(state.inARow + 1, now);
        }
        return;
      case 'down':
        return;
      default:
        state satisfies never;
    }
  }

  #count(hasFailed: boolean): void {
    this.#window[this.#at] = hasFailed;
    this.#at = (this.#at + 1) % windowSize;
  }

  get #isTooMuch(): boolean {
    const size = this.#window.length;
    const failed = this.#window.filter((hasFailed) => hasFailed).length;
    return size >= fewest && failed > 0 && failed >= this.#rule.share * size;
  }

  #open(inARow: number, now: Milliseconds): void {
    const pause = Math.min(this.#rule.pauseMs * 2 ** (inARow - 1), longestPause);
    this.#state = { name: 'open', until: now + pause, inARow };
    this.#window = [];
    this.#at = 0;
    this.#pauses++;
  }
}
