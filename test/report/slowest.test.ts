import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { Slowest } from '../../src/report/slowest.ts';

const times = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 60 });

function slowestOf(times: readonly number[], firstIndex = 0): Slowest {
  const slowest = new Slowest();
  for (const [i, ms] of times.entries()) {
    const index = firstIndex + i;
    slowest.offer(ms, { index, id: `t${index}`, url: `http://127.0.0.1/${index}` });
  }
  return slowest;
}

it('keeps the ten that took longest, equal ones by index', () => {
  fc.assert(
    fc.property(times, (times) => {
      const expected = times
        .map((ms, index) => ({ index, id: `t${index}`, url: `http://127.0.0.1/${index}`, ms }))
        .sort((a, b) => b.ms - a.ms || a.index - b.index)
        .slice(0, 10);
      expect(slowestOf(times).toJSON()).toEqual(expected);
    }),
  );
});

it('merges in either order to the same', () => {
  fc.assert(
    fc.property(times, times, (first, second) => {
      const whole = slowestOf([...first, ...second]).toJSON();
      const forwards = slowestOf(first);
      forwards.merge(slowestOf(second, first.length));
      const backwards = slowestOf(second, first.length);
      backwards.merge(slowestOf(first));
      expect(forwards.toJSON()).toEqual(whole);
      expect(backwards.toJSON()).toEqual(whole);
    }),
  );
});
