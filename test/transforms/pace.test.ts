import { expect, it } from 'vitest';
import { Pace } from '../../src/transforms/pace.ts';

it('begins with one record, and then has as many as make ten milliseconds', () => {
  const pace = new Pace();
  expect(pace.size).toBe(1);
  pace.learn(1, 2);
  expect(pace.size).toBe(5);
  pace.learn(5, 10);
  expect(pace.size).toBe(5);
});

it.each([
  [1000, 1],
  [11, 1],
  [0.1, 100],
  [0.001, 256],
  [0, 256],
])('records of %d ms: batches of %d', (ms, size) => {
  const pace = new Pace();
  pace.learn(10, 10 * ms);
  expect(pace.size).toBe(size);
});

it('follows when records become slower', () => {
  const pace = new Pace();
  pace.learn(10, 1);
  const sizes = Array.from({ length: 10 }, () => {
    pace.learn(1, 20);
    return pace.size;
  });
  expect(sizes.at(-1)).toBe(1);
  expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
});
