import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { Histogram } from '../../src/report/histogram.ts';
import { ranges } from '../../src/report/ranges.ts';

function rangesOf(values: readonly number[], limit = 10): [string, number][] {
  const histogram = new Histogram();
  for (const value of values) {
    histogram.record(value);
  }
  return ranges(histogram.toJSON(), histogram, limit).map(({ label, count }) => [label, count]);
}

it.each([
  [
    'equal steps for times close together',
    [98.2, 99.5, 101.3, 101.6, 103, 104.4, 110.9],
    [
      ['98–100 ms', 2],
      ['100–102 ms', 2],
      ['102–104 ms', 1],
      ['104–106 ms', 1],
      ['106–108 ms', 0],
      ['108–110 ms', 0],
      ['110–112 ms', 1],
    ],
  ],
  [
    'growing steps for times far apart',
    [1.2, 1.5, 3, 30, 30, 70],
    [
      ['1–2 ms', 2],
      ['2–5 ms', 1],
      ['5–10 ms', 0],
      ['10–20 ms', 0],
      ['20–50 ms', 2],
      ['50–100 ms', 1],
    ],
  ],
  [
    'powers of ten for times very far apart',
    [0.04, 0.5, 3, 40, 40, 600, 1500],
    [
      ['0.01–0.1 ms', 1],
      ['0.1–1 ms', 1],
      ['1–10 ms', 1],
      ['10–100 ms', 2],
      ['100–1,000 ms', 1],
      ['1–10 s', 1],
    ],
  ],
  [
    'the unit of the greater end',
    [805, 920, 1110],
    [
      ['800–850 ms', 1],
      ['850–900 ms', 0],
      ['900–950 ms', 1],
      ['950–1,000 ms', 0],
      ['1–1.05 s', 0],
      ['1.05–1.1 s', 0],
      ['1.1–1.15 s', 1],
    ],
  ],
  ['one range for equal times', [250, 250, 250], [['250–255 ms', 3]]],
])('makes %s', (_, values, expected) => expect(rangesOf(values)).toEqual(expected));

it('lets a few stragglers share the last range', () => {
  const bulk = Array.from({ length: 99 }, (_, i) => 98 + (i % 10));
  expect(rangesOf([...bulk, 3000]).at(-1)).toEqual(['over 108 ms', 1]);
});

it('lets a few that are far quicker share the first range', () => {
  const bulk = Array.from({ length: 99 }, (_, i) => 98 + (i % 10));
  expect(rangesOf([...bulk, 0.3])[0]).toEqual(['under 98 ms', 1]);
});

it('counts every value once, in at most as many ranges as asked for', () => {
  const durations = fc.array(
    fc.double({ min: -4, max: 9, noNaN: true }).map((exponent) => 10 ** exponent),
    { minLength: 1, maxLength: 100 },
  );
  fc.assert(
    fc.property(durations, (values) => {
      const found = rangesOf(values);
      expect(found.length).toBeLessThanOrEqual(10);
      expect(found.reduce((sum, [, count]) => sum + count, 0)).toBe(values.length);
      expect(new Set(found.map(([label]) => label)).size).toBe(found.length);
    }),
    { numRuns: 500 },
  );
});
