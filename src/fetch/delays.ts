import { longestTimer, timerDelay, type Milliseconds } from '../model/units.ts';

/** Timers that can all be cleared at once, when a run stops. */
export class Delays {
  readonly #timers = new Set<NodeJS.Timeout>();

  /** Calls `action` after a time, unless it is cleared before. */
  after(delayMs: Milliseconds, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (delayMs > longestTimer) {
        this.after(delayMs - longestTimer, action);
      } else {
        action();
      }
    }, timerDelay(delayMs));
    this.#timers.add(timer);
  }

  clear(): void {
    for (const timer of this.#timers) {
      clearTimeout(timer);
    }
    this.#timers.clear();
  }
}
