import { describe, expect, it } from 'vitest';
import { createRateLimit, type RateLimit } from '../../src/serve/limit.ts';

/** How many of `n` requests at one moment pass. */
function passing(limit: RateLimit, n: number, nowMs: number): number {
  return Array.from({ length: n }, () => limit(nowMs)).filter((seconds) => seconds === 0).length;
}

describe('createRateLimit', () => {
  it.each([1, 3, 7, 10, 333])('lets a burst of one second pass at %j/s', (rate) => {
    expect(passing(createRateLimit(rate), 2 * rate, 5000)).toBe(rate);
  });

  it('lets the rate pass in every second after', () => {
    const limit = createRateLimit(10);
    const seconds = [5000, 6000, 7000].map((nowMs) => passing(limit, 50, nowMs));
    expect(seconds).toEqual([10, 10, 10]);
  });

  it('saves up no more than one second', () => {
    const limit = createRateLimit(10);
    passing(limit, 10, 1000);
    expect(passing(limit, 50, 60_000)).toBe(10);
  });

  it('says after how many whole seconds the next one passes', () => {
    const limit = createRateLimit(0.25);
    expect(limit(10_000)).toBe(0);
    expect(limit(10_500)).toBe(4);
    expect(limit(13_000)).toBe(1);
    expect(limit(14_000)).toBe(0);
  });
});
