import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from '../../../src/fetch/policy/retry-after.ts';

const now = Date.UTC(1994, 10, 6, 8, 49, 0);

describe('parseRetryAfter', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 3 ', 3_000],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 37_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 37_000],
    ['Sun Nov  6 08:49:37 1994', 37_000],
    ['Wed Nov 16 08:49:00 1994', 10 * 86_400_000],
    ['Sun, 06 Nov 1994 08:48:59 GMT', 0],
    ['Sat, 31 Dec 1994 23:59:60 GMT', Date.UTC(1995, 0, 1) - now],
  ])('reads %j as %i ms', (value, ms) => {
    expect(parseRetryAfter(value, now)).toBe(ms);
  });

  it.each([
    undefined,
    '',
    '-1',
    '1.5',
    '1e3',
    '0x10',
    'soon',
    '10 s',
    '1994-11-06T08:49:37Z',
    'Sun, 06 Nov 1994 08:49:37',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'Sun, 06 nov 1994 08:49:37 GMT',
    'Sun, 31 Feb 1995 08:49:37 GMT',
    'Sun, 00 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 24:00:00 GMT',
    'Sun, 06 Nov 1994 08:60:00 GMT',
    'Sun, 06 Nov 1994 08:49:61 GMT',
    'Sun Nov 6 08:49:37 1994',
  ])('takes %j for garbage', (value) => {
    expect(parseRetryAfter(value, now)).toBeUndefined();
  });

  it.each([
    ['Sunday, 06-Nov-44 00:00:00 GMT', 2044],
    ['Sunday, 06-Nov-45 00:00:00 GMT', 1945],
    ['Sunday, 06-Nov-99 00:00:00 GMT', 1999],
    ['Sunday, 06-Nov-93 00:00:00 GMT', 1993],
  ])('expands the year of %j to %i, at most 50 years ahead', (value, year) => {
    expect(parseRetryAfter(value, now)).toBe(Math.max(0, Date.UTC(year, 10, 6) - now));
  });

  it('reads every date that toUTCString writes', () => {
    const date = fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(date, date, (at, now) => {
        const whole = Math.floor(at.getTime() / 1000) * 1000;
        expect(parseRetryAfter(at.toUTCString(), now.getTime())).toBe(Math.max(0, whole - now.getTime()));
      }),
    );
  });

  it('never throws, and never gives a negative time', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(parseRetryAfter(value, now) ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
