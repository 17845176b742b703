import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Breaker } from '../../src/fetch/breaker.ts';

const rule = { share: 0.5, pauseMs: 5_000 };

/** Each attempt takes no time; `+` succeeds, `-` fails. */
function after(attempts: string, given = rule): Breaker {
  const breaker = new Breaker(given);
  for (const one of attempts) {
    breaker.ended(one === '-', 0, 0);
  }
  return breaker;
}

/** Sends probes that fail, each at the end of the pause; gives the lengths of the pauses. */
function pausesOf(breaker: Breaker): number[] {
  const pauses: number[] = [];
  let now = 0;
  while (breaker.wait(now) > 0) {
    pauses.push(breaker.wait(now));
    now += breaker.wait(now);
    breaker.ended(true, now, now);
  }
  return pauses;
}

describe('closed', () => {
  it.each<[attempts: string, isPaused: boolean]>([
    ['-'.repeat(9), false],
    ['-'.repeat(10), true],
    ['+-'.repeat(5), true],
    [`${'+-'.repeat(4)}++`, false],
    ['+'.repeat(40), false],
    [`${'+'.repeat(40)}${'-'.repeat(9)}`, false],
    [`${'+'.repeat(40)}${'-'.repeat(10)}`, true],
    [`${'-'.repeat(4)}${'+'.repeat(20)}${'-'.repeat(9)}`, false],
  ])('%s: paused %s', (attempts, isPaused) => {
    const breaker = after(attempts);
    expect({ wait: breaker.wait(0), most: breaker.mostActive }).toEqual(
      isPaused ? { wait: 5_000, most: 1 } : { wait: 0, most: Number.POSITIVE_INFINITY },
    );
  });

  it('a whole share needs every attempt to fail', () => {
    expect(after(`${'-'.repeat(19)}+`.repeat(3), { ...rule, share: 1 }).pauses).toBe(1);
    expect(after(`+${'-'.repeat(9)}`.repeat(9), { ...rule, share: 1 }).pauses).toBe(0);
  });
});

describe('open', () => {
  it('does not heed what began before the pause was over', () => {
    const breaker = after('-'.repeat(10));
    breaker.ended(false, 4_999, 6_000);
    breaker.ended(true, 0, 6_000);
    expect({ most: breaker.mostActive, pauses: breaker.pauses }).toEqual({ most: 1, pauses: 1 });
  });

  it('closes when the probe succeeds, and counts anew', () => {
    const breaker = after('-'.repeat(10));
    breaker.ended(false, 5_000, 5_010);
    expect(breaker.mostActive).toBe(Number.POSITIVE_INFINITY);
    for (let at = 0; at < 9; at++) {
      breaker.ended(true, 5_010, 5_010);
    }
    expect(breaker.wait(5_010)).toBe(0);
    breaker.ended(true, 5_010, 5_010);
    expect(breaker.wait(5_010)).toBe(5_000);
  });

  it('pauses twice as long for each probe that fails, then gives up', () => {
    const breaker = after('-'.repeat(10));
    expect(pausesOf(breaker)).toEqual([5_000, 10_000, 20_000, 40_000, 80_000, 160_000]);
    expect({ isDown: breaker.isDown, pauses: breaker.pauses }).toEqual({ isDown: true, pauses: 6 });
  });

  it('pauses five minutes at the most', () => {
    expect(pausesOf(after('-'.repeat(10), { ...rule, pauseMs: 200_000 }))).toEqual([
      200_000, 300_000, 300_000, 300_000, 300_000, 300_000,
    ]);
  });
});

it('is never paused by less than ten attempts or the share, nor down without six pauses', () => {
  const attempts = fc.array(fc.record({ hasFailed: fc.boolean(), ms: fc.nat(20_000) }), { maxLength: 200 });
  fc.assert(
    fc.property(attempts, fc.double({ min: 0.01, max: 1, noNaN: true }), (list, share) => {
      const breaker = new Breaker({ share, pauseMs: 1_000 });
      let now = 0;
      let last: boolean[] = [];
      for (const { hasFailed, ms } of list) {
        const wasClosed = breaker.mostActive !== 1;
        const startedAt = (now += breaker.wait(now));
        now += ms;
        breaker.ended(hasFailed, startedAt, now);
        last = wasClosed ? [...last, hasFailed].slice(-20) : [];
        const isClosed = breaker.mostActive !== 1;
        const failed = last.filter(Boolean).length;
        if (wasClosed) {
          expect(isClosed).toBe(last.length < 10 || failed === 0 || failed < share * last.length);
        } else if (!breaker.isDown) {
          expect(isClosed).toBe(!hasFailed);
        }
        expect(breaker.wait(now)).toBeLessThanOrEqual(300_000);
        expect(breaker.isDown && breaker.pauses < 6).toBe(false);
        last = isClosed ? last : [];
      }
    }),
  );
});
