import { describe, expect, it } from 'vitest';
import { parseRateLimit } from '../../../src/fetch/auto/rate-limit-fields.ts';

const now = Date.UTC(2026, 10, 24);
const seconds = now / 1000;

describe('parseRateLimit', () => {
  it.each<[Record<string, string | string[]>, isSpent: boolean | undefined, resetMs?: number]>([
    [{}, undefined],
    [{ 'x-ratelimit-remaining': '0' }, undefined],
    [{ 'ratelimit-remaining': '0', 'ratelimit-reset': '30' }, true, 30_000],
    [{ 'ratelimit-remaining': '7', 'ratelimit-reset': '30' }, false, 30_000],
    [{ 'ratelimit-reset': '2' }, false, 2_000],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(seconds + 5) }, true, 5_000],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now + 5) }, true, 5],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(seconds - 5) }, true, 0],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '0.5' }, true, 500],
    [{ 'x-rate-limit-remaining': ['0', '9'], 'x-rate-limit-reset': ['3', '9'] }, true, 3_000],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': 'soon' }, undefined],
    [{ ratelimit: 'limit=100, remaining=0, reset=9' }, true, 9_000],
    [{ ratelimit: '"default";r=50;t=30' }, false, 30_000],
    [{ ratelimit: '"minute";r=0;t=30, "day";r=900;t=4000' }, true, 30_000],
    [{ ratelimit: '"minute";r=0;t=30, "day";r=0;t=4000' }, true, 4_000_000],
    [{ ratelimit: 'nonsense' }, undefined],
  ])('%j', (headers, isSpent, resetMs) => {
    expect(parseRateLimit(headers, now)).toEqual(isSpent === undefined ? undefined : { isSpent, resetMs });
  });
});
