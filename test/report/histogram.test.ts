import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram } from '../../src/report/histogram.ts';

/** From below the resolution to weeks, evenly over the orders of magnitude. */
const durations = fc.array(
  fc.double({ min: -4, max: 9.5, noNaN: true }).map((exponent) => 10 ** exponent),
  { minLength: 1, maxLength: 300 },
);

function histogramOf(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) {
    histogram.record(value);
  }
  return histogram;
}

describe('quantile', () => {
  it('is within 0.5 % (and a microsecond) of the exact one', () => {
    fc.assert(
      fc.property(durations, fc.double({ min: 0, max: 1, noNaN: true }), (values, q) => {
        const sorted = values.toSorted((a, b) => a - b);
        const exact = sorted[Math.max(1, Math.ceil(q * values.length)) - 1]!;
        const error = Math.abs(histogramOf(values).quantile(q) - exact);
        expect(error).toBeLessThanOrEqual(exact * 0.005 + 0.001);
      }),
      { numRuns: 500 },
    );
  });

  it('never decreases as q grows, and stays between min and max', () => {
    fc.assert(
      fc.property(durations, (values) => {
        const histogram = histogramOf(values);
        const quantiles = Array.from({ length: 101 }, (_, i) => histogram.quantile(i / 100));
        expect(quantiles).toEqual(quantiles.toSorted((a, b) => a - b));
        expect(quantiles[0]).toBe(Math.min(...values));
        expect(quantiles[100]).toBe(Math.max(...values));
      }),
    );
  });

  it('is 0 when nothing was recorded', () => {
    const empty = new Histogram();
    expect([empty.quantile(0.5), empty.min, empty.max, empty.sum, empty.count]).toEqual([0, 0, 0, 0, 0]);
  });
});

describe('record', () => {
  it('keeps count, sum, min and max', () => {
    const histogram = histogramOf([3.25, 0.1, 7_200_000.5]);
    expect(histogram.count).toBe(3);
    expect(histogram.sum).toBe(7_200_003.85);
    expect(histogram.min).toBe(0.1);
    expect(histogram.max).toBe(7_200_000.5);
  });

  it.each([-5, 0, Number.NaN])('counts %d as 0', (value) => {
    const histogram = histogramOf([value]);
    expect([histogram.count, histogram.sum, histogram.min, histogram.max]).toEqual([1, 0, 0, 0]);
  });

  it('counts what is beyond its range in the last slot', () => {
    expect(histogramOf([1e15, 1]).toJSON()).toHaveLength(2);
  });
});

describe('merge', () => {
  it('of two parts is the histogram of the whole, to the bit', () => {
    fc.assert(
      fc.property(durations, durations, (first, second) => {
        const merged = histogramOf(first);
        merged.merge(histogramOf(second));
        const whole = histogramOf([...second, ...first]);
        const figures = ({ count, sum, min, max }: Histogram) => ({ count, sum, min, max });
        expect(figures(merged)).toEqual(figures(whole));
        expect(merged.toJSON()).toEqual(whole.toJSON());
      }),
    );
  });

  it('takes in nothing from an empty one', () => {
    const merged = histogramOf([5]);
    merged.merge(new Histogram());
    expect([merged.min, merged.max, merged.count]).toEqual([5, 5, 1]);
  });
});

describe('toJSON', () => {
  it('has each value in one of ascending buckets, none wider than 1 % or a microsecond', () => {
    fc.assert(
      fc.property(durations, (values) => {
        const buckets = histogramOf(values).toJSON();
        expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
        for (const [i, { fromMs, toMs }] of buckets.entries()) {
          expect(toMs - fromMs).toBeLessThanOrEqual(Math.max(0.001, fromMs * 0.01) * (1 + 1e-9));
          expect(fromMs).toBeGreaterThanOrEqual(buckets[i - 1]?.toMs ?? 0);
        }
        for (const value of values) {
          const rounded = Math.round(value * 1000) / 1000;
          expect(buckets.some(({ fromMs, toMs }) => fromMs <= rounded && rounded < toMs)).toBe(true);
        }
      }),
    );
  });
});
