import { expect, it } from 'vitest';
import { Turns } from '../../../src/databases/postgres/turns.ts';

it('leaves a way that fails aside for longer and longer, until it goes well', () => {
  const turns = new Turns();
  /** The lengths of the pauses when every try fails. */
  const pauses = (count: number) =>
    Array.from({ length: count }, () => {
      turns.failed();
      let pause = 0;
      while (!turns.mayTry()) {
        pause++;
      }
      return pause;
    });
  expect(turns.mayTry()).toBe(true);
  expect(pauses(11)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 256, 256]);
  turns.wentWell();
  expect(turns.mayTry()).toBe(true);
  expect(pauses(2)).toEqual([1, 2]);
});
