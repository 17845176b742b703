import type { Milliseconds } from '../model/units.ts';
import { isQueued } from './message.ts';

/** A transform that has heard the signal at its limit may end by itself within this time. */
const graceMs: Milliseconds = 100;

interface Watched {
  readonly progress: Int32Array;
  readonly onLate: () => void;
  at: number;
  spentMs: Milliseconds;
}

/**
 * Looks, a few times within the limit, at which record each batch is, and tells of one that does not get on.
 * A worker that hangs could not tell it itself. Times in which this process was held, as a debugger or a
 * stop does it, do not count.
 */
export class Watch {
  readonly #limitMs: Milliseconds;
  readonly #tickMs: Milliseconds;
  readonly #watched = new Set<Watched>();
  #timer: NodeJS.Timeout | undefined;
  #lastTick = 0;

  /** Infinity: nothing is ever late. */
  constructor(limitMs: Milliseconds) {
    this.#limitMs = limitMs;
    this.#tickMs = Math.min(250, Math.max(5, limitMs / 10));
  }

  /** Watches a batch until the function that this gives is called. `onLate` is called at most once. */
  add(progress: Int32Array, onLate: () => void): () => void {
    const watched = { progress, onLate, at: isQueued, spentMs: 0 };
    this.#watched.add(watched);
    if (this.#timer === undefined && Number.isFinite(this.#limitMs)) {
      this.#lastTick = performance.now();
      this.#timer = setInterval(() => this.#tick(), this.#tickMs);
    }
    return () => this.#remove(watched);
  }

  #remove(watched: Watched): void {
    this.#watched.delete(watched);
    if (this.#watched.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }

  #tick(): void {
    const now = performance.now();
    const passed = Math.min(now - this.#lastTick, 2 * this.#tickMs);
    this.#lastTick = now;
    for (const watched of this.#watched) {
      const at = Atomics.load(watched.progress, 0);
      watched.spentMs = at === watched.at && at !== isQueued ? watched.spentMs + passed : 0;
      watched.at = at;
      if (watched.spentMs >= this.#limitMs + graceMs) {
        this.#remove(watched);
        watched.onLate();
      }
    }
  }
}
