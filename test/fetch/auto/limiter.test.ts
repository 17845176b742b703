import { describe, expect, it } from 'vitest';
import { Limiter } from '../../../src/fetch/auto/limiter.ts';
import { fixed, simulate, spreads, type Capacity, type World } from './simulation.ts';

const cap = 1_000;
const halfMs = 20_000;

function world(before: Capacity, after: Capacity, more: Partial<World> = {}): World {
  const capacity = (now: number) => (now < halfMs ? before : after);
  return { capacity, spread: spreads.even, networkMs: 1, lengthMs: 2 * halfMs, ...more };
}

/** The fixed limit with the most throughput; of those within 2 % the one with the least p99. */
function bestFixed(of: World) {
  const limits = [1, 2, 4, 8, 12, 16, 24, 32, 40, 48, 64, 96, 128, 256, 512];
  const runs = limits.map((limit) => simulate(of, fixed(limit)));
  const top = Math.max(...runs.map(({ perSecond }) => perSecond));
  return runs.filter(({ perSecond }) => perSecond >= 0.98 * top).toSorted((a, b) => a.p99 - b.p99)[0]!;
}

describe('against the best fixed limit, on a server that changes half way', () => {
  const forty = { workers: 40, serviceMs: 50 };

  it.each<[name: string, World]>([
    ['half of the workers are lost', world(forty, { workers: 20, serviceMs: 50 })],
    ['every answer takes twice as long', world(forty, { workers: 40, serviceMs: 100 })],
    ['times without spread', world(forty, { workers: 20, serviceMs: 50 }, { spread: spreads.constant })],
    ['exponential times', world(forty, { workers: 20, serviceMs: 50 }, { spread: spreads.exponential })],
    [
      '300 workers, of which 100 are left',
      world({ workers: 300, serviceMs: 100 }, { workers: 100, serviceMs: 100 }),
    ],
    ['a server 20 ms away', world(forty, { workers: 20, serviceMs: 50 }, { networkMs: 20 })],
  ])('%s', (_, of) => {
    const best = bestFixed(of);
    const found = simulate(of, new Limiter(cap));
    expect(found.perSecond / best.perSecond).toBeGreaterThanOrEqual(0.9);
    expect(found.p99 / best.p99).toBeLessThanOrEqual(1.1); // the limits tried are not exact either
  });

  it.each([1, 2, 3])('whatever the luck, seed %i', (seed) => {
    const of = world(forty, { workers: 20, serviceMs: 50 }, { spread: spreads.exponential, seed });
    expect(simulate(of, new Limiter(cap)).perSecond / bestFixed(of).perSecond).toBeGreaterThanOrEqual(0.9);
  });
});

describe('the limit', () => {
  const steady = (workers: number, more: Partial<World> = {}) =>
    simulate(world({ workers, serviceMs: 50 }, { workers, serviceMs: 50 }, more), new Limiter(cap)).limits;

  it.each([1, 3, 40, 400])('settles near %i workers', (workers) => {
    const last = steady(workers)
      .slice(-10)
      .toSorted((a, b) => a - b)[5]!;
    expect(last).toBeGreaterThanOrEqual(0.9 * workers);
    expect(last).toBeLessThanOrEqual(1.25 * workers + 1);
  });

  it('comes down within two seconds of a loss of capacity, and up again when it is back', () => {
    const [forty, ten] = [
      { workers: 40, serviceMs: 50 },
      { workers: 10, serviceMs: 50 },
    ];
    const capacity = (now: number) => (now < 10_000 || now > 20_000 ? forty : ten);
    const { limits } = simulate({ ...world(forty, ten), capacity }, new Limiter(cap));
    expect(limits[8]).toBeGreaterThanOrEqual(32);
    expect(limits[12]).toBeLessThanOrEqual(20);
    expect(limits.at(-1)).toBeGreaterThanOrEqual(32);
  });

  it('stays where a server refuses more than it has room for', () => {
    const roomy = { workers: 100, serviceMs: 50, room: 60 };
    const { limits, refused, perSecond } = simulate(world(roomy, roomy), new Limiter(cap));
    expect(limits.at(-1)).toBeLessThanOrEqual(60);
    expect(perSecond).toBeGreaterThanOrEqual(0.75 * (60 / 0.051));
    expect(refused / (perSecond * 40)).toBeLessThanOrEqual(0.01);
  });
});

describe('Limiter', () => {
  /** Ends so many exchanges that took 10 ms each, and were not held back by the limit. */
  function idle(limiter: Limiter, count: number): void {
    for (let now = 10; now < 10 + 10 * count; now += 10) {
      limiter.answered(now - 10, now, 1);
    }
  }

  it('does not grow while something else holds requests back', () => {
    const limiter = new Limiter(cap);
    idle(limiter, 1_000);
    expect(limiter.limit).toBe(10);
  });

  it.each([1, 7])('never exceeds its cap of %i', (most) => {
    const { limits } = simulate(
      world({ workers: 50, serviceMs: 50 }, { workers: 50, serviceMs: 50 }),
      new Limiter(most),
    );
    expect(Math.max(...limits)).toBe(most);
  });

  it('takes one bad exchange in a hundred for weather', () => {
    const limiter = new Limiter(cap);
    for (let now = 1; now < 10_000; now++) {
      if (now % 100 === 0) {
        limiter.troubled(now, now);
      } else {
        limiter.answered(now, now, 1);
      }
    }
    expect(limiter.limit).toBe(10);
  });

  it('is cut once for all that were in flight, and again for those sent after', () => {
    const limiter = new Limiter(cap);
    for (let i = 0; i < 30; i++) {
      limiter.troubled(5, 100 + i);
    }
    expect(limiter.limit).toBe(7);
    for (let i = 0; i < 30; i++) {
      limiter.troubled(200, 300 + i);
    }
    expect(limiter.limit).toBe(4);
  });
});
