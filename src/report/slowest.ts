import type { Milliseconds } from '../model/units.ts';

/**
 * The tasks that took longest. Equal times go by index, so that merging in any order gives the same.
 * A sorted list rather than a heap: at ten entries a late task costs one comparison, and one that
 * enters no more than a heap would.
 */
export class Slowest {
  readonly #entries: SlowTask[] = [];

  /** Takes a task into the list if it belongs there. */
  offer(ms: Milliseconds, task: Omit<SlowTask, 'ms'>): void {
    const last = this.#entries[kept - 1];
    if (last !== undefined && !precedes(ms, task.index, last)) {
      return;
    }
    const place = this.#entries.findIndex((entry) => precedes(ms, task.index, entry));
    const entry = { index: task.index, id: task.id, url: task.url, ms };
    this.#entries.splice(place === -1 ? this.#entries.length : place, 0, entry);
    this.#entries.length = Math.min(this.#entries.length, kept);
  }

  merge(other: Slowest): void {
    for (const entry of other.#entries) {
      this.offer(entry.ms, entry);
    }
  }

  /** Slowest first. */
  toJSON(): SlowTask[] {
    return [...this.#entries];
  }
}

/** A task and the time from its first permit to its end. */
export interface SlowTask {
  readonly index: number;
  readonly id: string;
  readonly url: string;
  readonly ms: Milliseconds;
}

const kept = 10;

function precedes(ms: Milliseconds, index: number, entry: SlowTask): boolean {
  return ms > entry.ms || (ms === entry.ms && index < entry.index);
}
