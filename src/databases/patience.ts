import { setTimeout as wait } from 'node:timers/promises';
import { backoffDelay, type Backoff } from '../model/backoff.ts';
import { DatabaseAwayError } from '../model/errors.ts';
import type { Milliseconds } from '../model/units.ts';
import { AwayError } from './errors.ts';

/** How long a database that went away is waited for. */
export interface PatienceSettings {
  readonly backoff: Backoff;
  /** So long in all, each time: `--db-timeout`. */
  readonly awayMs: Milliseconds;
  readonly random?: (() => number) | undefined;
  /** Told when it goes and when it is back. */
  readonly onWarning: (message: string) => void;
  /** Aborted: nothing is waited for any more. */
  readonly signal?: AbortSignal | undefined;
}

/** Tries again what failed because the database was away, as long as there is hope. */
export class Patience {
  readonly #name: string;
  readonly #settings: PatienceSettings;
  #returns = 0;
  #awayMs: Milliseconds = 0;
  /** Since when it is away; undefined: it is there. Calls that wait at the same time share it. */
  #awaySince: Milliseconds | undefined;

  /** `name`: of the database, for messages. */
  constructor(name: string, settings: PatienceSettings) {
    this.#name = name;
    this.#settings = settings;
  }

  /** How often it came back … */
  get returns(): number {
    return this.#returns;
  }

  /** … and how long it was away in all. */
  get awayMs(): Milliseconds {
    return this.#awayMs;
  }

  /** Throws a `DatabaseAwayError` when it stays away, and what `action` throws for other reasons. */
  async until<T>(action: () => Promise<T>): Promise<T> {
    for (let retries = 0; ; retries++) {
      try {
        const result = await action();
        this.#isThere();
        return result;
      } catch (error) {
        if (!(error instanceof AwayError)) {
          throw error;
        }
        await this.afterLoss(error, retries);
      }
    }
  }

  /** Waits before the next try. Throws a `DatabaseAwayError` when there is to be none. */
  async afterLoss(error: AwayError, retries: number): Promise<void> {
    const { backoff, awayMs, random = Math.random, onWarning, signal } = this.#settings;
    const now = performance.now();
    if (this.#awaySince === undefined) {
      this.#awaySince = now;
      onWarning(`${this.#name}: ${error.message}; trying again`);
    }
    const left = this.#awaySince + awayMs - now;
    if (left <= 0 || signal?.aborted === true) {
      throw new DatabaseAwayError(`${this.#name} stayed away: ${error.message}`, { cause: error });
    }
    const delayMs = Math.min(left, backoffDelay(retries, backoff, random()));
    await wait(delayMs, undefined, { signal }).catch(() => undefined); // the next try says what is to be said
  }

  #isThere(): void {
    if (this.#awaySince !== undefined) {
      const awayMs = performance.now() - this.#awaySince;
      this.#awaySince = undefined;
      this.#awayMs += awayMs;
      this.#returns++;
      this.#settings.onWarning(`${this.#name}: back after ${(awayMs / 1000).toFixed(1)} s`);
    }
  }
}
