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

/** Time that a database is away, for all who wait for it. */
interface Absence {
  readonly sinceMs: Milliseconds;
  /** Aborted when it is back: whoever waits tries at once. */
  readonly end: AbortController;
}

/** Tries again what failed because the database was away, as long as there is hope. */
export class Patience {
  readonly #name: string;
  readonly #settings: PatienceSettings;
  #returns = 0;
  #awayMs: Milliseconds = 0;
  /** Undefined: it is there. */
  #absence: Absence | undefined;

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
    return this.#awayMs + (this.#absence === undefined ? 0 : performance.now() - this.#absence.sinceMs);
  }

  /** Throws a `DatabaseAwayError` when it stays away, and what `action` throws for other reasons. */
  async until<T>(action: () => Promise<T>): Promise<T> {
    const tries = this.tries();
    for (;;) {
      try {
        const result = await action();
        tries.wentWell();
        return result;
      } catch (error) {
        await tries.afterFault(error);
      }
    }
  }

  /** For something that cannot be told as one action. */
  tries(): Tries {
    const { backoff, awayMs, random = Math.random, signal } = this.#settings;
    let sinceMs: Milliseconds | undefined;
    let retries = 0;
    return {
      wentWell: () => {
        sinceMs = undefined;
        retries = 0;
        this.#isThere();
      },
      afterFault: async (fault) => {
        if (!(fault instanceof AwayError)) {
          throw fault;
        }
        const isOver = signal?.aborted === true; // then it was closed, and that is no news
        const absence = isOver ? undefined : this.#isAway(fault);
        sinceMs ??= performance.now();
        const leftMs = sinceMs + awayMs - performance.now();
        if (leftMs <= 0 || absence === undefined) {
          throw new DatabaseAwayError(`${this.#name} stayed away: ${fault.message}`, { cause: fault });
        }
        const delayMs = Math.min(leftMs, backoffDelay(retries++, backoff, random()));
        // Others may get along with it while this call never does: it is not to try without a pause.
        const pauseMs = Math.min(delayMs, backoff.retryDelay / 2);
        await pass(pauseMs, signal);
        await pass(delayMs - pauseMs, AbortSignal.any([absence.end.signal, ...(signal ? [signal] : [])]));
      },
    };
  }

  #isAway(fault: AwayError): Absence {
    if (this.#absence === undefined) {
      this.#absence = { sinceMs: performance.now(), end: new AbortController() };
      this.#settings.onWarning(`${this.#name}: ${fault.message}; trying again`);
    }
    return this.#absence;
  }

  #isThere(): void {
    if (this.#absence !== undefined) {
      const { sinceMs, end } = this.#absence;
      this.#absence = undefined;
      const awayMs = performance.now() - sinceMs;
      this.#awayMs += awayMs;
      this.#returns++;
      this.#settings.onWarning(`${this.#name}: back after ${(awayMs / 1000).toFixed(1)} s`);
      end.abort();
    }
  }
}

/** The tries of one call, which has its own time and its own pauses. */
export interface Tries {
  /** It is over, or has come forward. */
  wentWell(): void;
  /**
   * Waits before the next try. Throws the fault when it is none that passes, and a `DatabaseAwayError` when
   * there is to be no other try. When nothing is waited for any more there is a last one, at once.
   */
  afterFault(fault: unknown): Promise<void>;
}

/** Lets time pass, unless the signal ends it. */
async function pass(delayMs: Milliseconds, signal: AbortSignal | undefined): Promise<void> {
  if (delayMs > 0) {
    await wait(delayMs, undefined, { signal }).catch(() => undefined);
  }
}
