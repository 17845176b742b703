import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fateOf, isUniform, type Fate } from '../../src/serve/faults.ts';
import { serveDefaults, type ServeSettings } from '../../src/serve/settings.ts';

const withFaults = (settings: Partial<ServeSettings>): ServeSettings => ({ ...serveDefaults, ...settings });

/** The fates of /users/1 … /users/n, each asked for the first time. */
function fates(n: number, settings: Partial<ServeSettings>, nth = 1): Fate[] {
  const all = withFaults(settings);
  return Array.from({ length: n }, (_, i) => fateOf(all, 'GET', `/users/${i + 1}`, nth));
}

/** How many fates have each kind of fault: `none`, `500`, `reset before` and so on. */
function census(list: readonly Fate[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { fault } of list) {
    const name =
      fault === undefined ? 'none' : fault.kind === 'error' ? `${fault.status}` : `reset ${fault.when}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

describe('fateOf', () => {
  it('does nothing by default', () => {
    expect(census(fates(1000, {}))).toEqual({ none: 1000 });
  });

  it('mixes statuses and resets at their rates', () => {
    const counts = census(fates(30_000, { errorRate: 0.3, resetRate: 0.1 }));
    const expected = {
      none: 18_000,
      500: 3000,
      502: 3000,
      503: 3000,
      'reset before': 1500,
      'reset within': 1500,
    };
    expect(Object.keys(counts).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, count] of Object.entries(expected)) {
      // Five standard deviations at most, and the seed is fixed.
      expect(Math.abs(counts[name]! - count), name).toBeLessThan(5 * Math.sqrt(count));
    }
  });

  it('answers with 503 alone when a Retry-After is asked for', () => {
    expect(census(fates(100, { errorRate: 1, retryAfterSeconds: 2 }))).toEqual({ 503: 100 });
  });

  it('lets resets come first when the rates overlap', () => {
    expect(Object.keys(census(fates(500, { errorRate: 1, resetRate: 1 }))).sort()).toEqual([
      'reset before',
      'reset within',
    ]);
  });

  it('gives a retry a new chance', () => {
    const failed = (list: readonly Fate[]) => list.map(({ fault }) => fault !== undefined);
    const first = failed(fates(1000, { errorRate: 0.5 }, 1));
    const second = failed(fates(1000, { errorRate: 0.5 }, 2));
    const bothFailed = first.filter((fault, i) => fault && second[i]).length;
    expect(bothFailed).toBeGreaterThan(180);
    expect(bothFailed).toBeLessThan(320);
  });

  it('depends on the seed', () => {
    expect(fates(100, { errorRate: 0.5, seed: 1 })).not.toEqual(fates(100, { errorRate: 0.5, seed: 2 }));
  });

  it('is the same for the same request, and never early', () => {
    const settings = fc.record({
      errorRate: fc.double({ min: 0, max: 1, noNaN: true }),
      resetRate: fc.double({ min: 0, max: 1, noNaN: true }),
      latencyMs: fc.nat(1000),
      jitterMs: fc.nat(1000),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(settings, fc.string(), fc.integer({ min: 1, max: 9 }), (some, target, nth) => {
        const all = withFaults(some);
        const fate = fateOf(all, 'GET', target, nth);
        expect(fateOf(all, 'GET', target, nth)).toEqual(fate);
        expect(fate.delayMs).toBeGreaterThanOrEqual(Math.max(0, some.latencyMs - some.jitterMs));
        expect(fate.delayMs).toBeLessThanOrEqual(some.latencyMs + some.jitterMs);
      }),
    );
  });

  it('spreads the latency over the whole jitter', () => {
    const delays = fates(1000, { latencyMs: 100, jitterMs: 50 }).map(({ delayMs }) => delayMs);
    expect(Math.min(...delays)).toBeLessThan(52);
    expect(Math.max(...delays)).toBeGreaterThan(148);
  });
});

it.each([
  [{}, true],
  [{ latencyMs: 5 }, true],
  [{ jitterMs: 5 }, false],
  [{ errorRate: 0.1 }, false],
  [{ resetRate: 0.1 }, false],
])('isUniform with %j is %j', (settings, uniform) => {
  expect(isUniform(withFaults(settings))).toBe(uniform);
});
