import { setTimeout as delay } from 'node:timers/promises';

/** How long `until` waits, and what it says it waited for. */
export interface UntilOptions {
  readonly timeoutMs?: number;
  readonly what?: string;
}

/**
 * Waits for something that has no event of its own, instead of sleeping for a guessed time. Throws
 * after `timeoutMs` (15000), which is generous: only a test that fails takes that long.
 */
export async function until(predicate: () => boolean, options: UntilOptions = {}): Promise<void> {
  const { timeoutMs = 15_000, what = predicate.toString() } = options;
  const deadline = performance.now() + timeoutMs;
  while (!predicate()) {
    if (performance.now() > deadline) {
      throw new Error(`waited ${timeoutMs} ms in vain until ${what}`);
    }
    await delay(2);
  }
}
