import { describe, expect, it } from 'vitest';
import { LearnedRate } from '../../../src/fetch/auto/learned-rate.ts';
import { fixedWindow, simulateRate, slidingWindow, tokenBucket, type Gate } from './rate-simulation.ts';

describe('finds 100/s', () => {
  it.each<[string, gate: () => Gate, latencyMs: number, retryAfterMs: number, least?: number]>([
    ['a token bucket of a second', () => tokenBucket(100, 100), 1, 0],
    ['a token bucket of a second, far away', () => tokenBucket(100, 100), 100, 0],
    ['a token bucket of a second, Retry-After', () => tokenBucket(100, 100), 20, 1_000],
    ['a small token bucket', () => tokenBucket(100, 10), 20, 0],
    ['seconds of the clock', () => fixedWindow(100), 1, 0],
    ['seconds of the clock, each refusal costs one', () => fixedWindow(100), 1, 1_000, 93],
    ['any second', () => slidingWindow(100), 20, 0],
  ])('%s', (_, gate, latencyMs, retryAfterMs, least = 95) => {
    const common = { latencyMs, retryAfterMs, limit: 20, lengthMs: 70_000 };
    const whole = simulateRate({ ...common, gate: gate() });
    expect(whole.refusedShare).toBeLessThanOrEqual(0.02);
    const warm = simulateRate({ ...common, gate: gate(), warmUpMs: 10_000 });
    expect(warm.perSecond).toBeGreaterThanOrEqual(least);
    expect(warm.refusedShare).toBeLessThanOrEqual(0.002);
  });

  it('finds about half where a server wants each request spaced, which timers cannot do', () => {
    const world = {
      gate: tokenBucket(100, 1.2),
      latencyMs: 20,
      retryAfterMs: 0,
      limit: 20,
      lengthMs: 70_000,
    };
    const { perSecond, refusedShare } = simulateRate(world);
    expect(perSecond).toBeGreaterThanOrEqual(40);
    expect(refusedShare).toBeLessThanOrEqual(0.02);
  });

  it('finds a new limit when the old one is lifted', () => {
    const [slow, fast] = [tokenBucket(20, 20), tokenBucket(200, 200)];
    const gate: Gate = (now) => (now < 20_000 ? slow(now) : fast(now));
    const after = simulateRate({
      gate,
      latencyMs: 5,
      retryAfterMs: 0,
      limit: 20,
      lengthMs: 120_000,
      warmUpMs: 90_000,
    });
    expect(after.perSecond).toBeGreaterThanOrEqual(150);
  });
});

describe('LearnedRate', () => {
  it('paces nothing before the first refusal', () => {
    const rate = new LearnedRate();
    rate.accepted(0, 10);
    expect([rate.pace, rate.rate(10)]).toEqual([undefined, undefined]);
  });

  it('takes refusals of requests that were in flight together for one', () => {
    const rate = new LearnedRate();
    rate.accepted(0, 10);
    expect(rate.refused(5, 20, 1_000)).toBe(1_000);
    expect(rate.refused(15, 30, 1_000)).toBeUndefined();
    expect(rate.refused(1_020, 1_030, 1_000)).toBe(1_000);
  });

  it('is still for longer and longer while nothing passes, but not for ever', () => {
    const rate = new LearnedRate();
    let now = 0;
    const pauses = Array.from({ length: 8 }, () => {
      const pauseMs = rate.refused(now, now + 1, 0) ?? 0;
      now += 1 + pauseMs;
      return pauseMs;
    });
    expect(pauses).toEqual([400, 800, 1_600, 3_200, 5_000, 5_000, 5_000, 5_000]);
  });
});
