import type { Milliseconds } from '../model/units.ts';

/** Something that must have ended by a point in time. */
export interface Expirable {
  /** On `performance.now()`'s clock; Infinity: nothing is under way. */
  readonly expiresAt: number;
  expire(now: Milliseconds): void;
}

/** Accuracy of every time limit. */
const tickMs: Milliseconds = 10;

/**
 * One timer for the deadlines of all lanes. A tick looks at every lane: for 50 lanes that is
 * nothing, for 5,000 a millisecond a second, and no request pays for setting or clearing a timer.
 */
export class Deadlines {
  readonly #watched: ReadonlySet<Expirable>;
  readonly #onTick: (now: Milliseconds) => void;
  #timer: NodeJS.Timeout | undefined;

  /** `onTick` is called at every tick, for whatever else is to be looked at now and then. */
  constructor(watched: ReadonlySet<Expirable>, onTick: (now: Milliseconds) => void) {
    this.#watched = watched;
    this.#onTick = onTick;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#tick(), tickMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    const now = performance.now();
    this.#onTick(now);
    for (const one of this.#watched) {
      if (one.expiresAt <= now) {
        one.expire(now);
      }
    }
  }
}
