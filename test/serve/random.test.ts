import { expect, it } from 'vitest';
import { fnv1a } from '../../src/model/fnv1a.ts';
import { mulberry32 } from '../../src/serve/random.ts';

// Test vectors of RFC 9923, appendix C.
it.each([
  ['', 0x811c9dc5],
  ['a', 0xe40c292c],
  ['foobar', 0xbf9cf968],
])('fnv1a of %j', (text, hash) => {
  expect(fnv1a(text)).toBe(hash);
});

it('goes on from the hash of what precedes', () => {
  expect(fnv1a('bar', fnv1a('foo'))).toBe(fnv1a('foobar'));
});

it('repeats itself from the same seed and not from another', () => {
  const draw = (seed: number) => Array.from({ length: 5 }, mulberry32(seed));
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

it('keeps the meaning of seeds', () => {
  expect(mulberry32(0)()).toBe(0.26642920868471265);
});

it('spreads evenly over [0, 1)', () => {
  const random = mulberry32(42);
  const buckets = Array.from({ length: 10 }, () => 0);
  for (let i = 0; i < 100_000; i++) {
    buckets[Math.floor(random() * 10)]!++;
  }
  // Six standard deviations (95 each) around 10,000.
  expect(Math.min(...buckets)).toBeGreaterThan(9430);
  expect(Math.max(...buckets)).toBeLessThan(10_570);
});
