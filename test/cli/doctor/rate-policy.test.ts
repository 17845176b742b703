import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rateFields, rateFlag, ratePolicy } from '../../../src/cli/doctor/rate-policy.ts';
import { parseRate } from '../../../src/model/units.ts';

/** A second in 2023, for resets that are dates. */
const now = 1_700_000_000_000;

describe('the rate that an answer tells', () => {
  it.each([
    [{ 'ratelimit-policy': '"default";q=100;w=60' }, '100/m', '100 in 60 s', 'RateLimit-Policy'],
    [
      { 'ratelimit-policy': '"burst";q=10;w=1, "day";q=8640;w=86400' },
      '6/m',
      '8,640 in 24 h 0 m',
      'RateLimit-Policy',
    ],
    [{ 'ratelimit-policy': '100;w=60' }, '100/m', '100 in 60 s', 'RateLimit-Policy'],
    [
      { 'ratelimit-limit': '100, 100;w=60', 'ratelimit-remaining': '1' },
      '100/m',
      '100 in 60 s',
      'RateLimit-Limit',
    ],
    [{ ratelimit: '"default";r=50;t=30' }, '100/m', '50 left for 30 s', 'RateLimit'],
    [{ ratelimit: 'limit=100, remaining=50, reset=5' }, '10/s', '50 left for 5 s', 'RateLimit'],
    [{ ratelimit: '"a";r=50;t=5, "b";r=6;t=60' }, '6/m', '6 left for 60 s', 'RateLimit'],
    [
      { 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '59', 'x-ratelimit-reset': '1700003600' },
      '59/h',
      '59 left for 1 h 0 m',
      'X-RateLimit-Remaining',
    ],
    [
      { 'x-rate-limit-remaining': '30', 'x-rate-limit-reset': '15' },
      '2/s',
      '30 left for 15 s',
      'X-Rate-Limit-Remaining',
    ],
  ])('of %j', (headers, flag, text, field) => {
    expect(ratePolicy(headers, now)).toMatchObject({ flag, text, field });
  });

  it.each([
    {},
    { 'x-ratelimit-limit': '60' },
    { 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '30' },
    { 'x-ratelimit-remaining': '5', 'x-ratelimit-reset': '0' },
    { ratelimit: '"default";r=0;t=30' },
    { 'ratelimit-policy': '"default";q=0;w=60' },
    { 'ratelimit-policy': 'soon' },
  ])('is not told by %j', (headers) => {
    expect(ratePolicy(headers, now)).toBeUndefined();
  });
});

it('shows all fields that are about it', () => {
  expect(rateFields({ 'x-ratelimit-limit': '60', ratelimit: ['a', 'b'], etag: '"1"' })).toEqual([
    'x-ratelimit-limit: 60',
    'ratelimit: a, b',
  ]);
});

it('is a flag that is never faster, and hardly slower', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 86_400 }), (quota, seconds) => {
      const rate = quota / seconds;
      const flag = parseRate(rateFlag(rate));
      expect(flag).toBeLessThanOrEqual(rate * (1 + 1e-9));
      fc.pre(rate > 10 / 3600);
      expect(flag).toBeGreaterThan(0.9 * rate);
    }),
  );
});
