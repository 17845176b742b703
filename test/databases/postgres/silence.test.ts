import { describe, expect, it } from 'vitest';
import { whileThere } from '../../../src/databases/postgres/silence.ts';
import { until } from '../../servers/until.ts';

describe('an answer that takes long', () => {
  /** A connection on which so many bytes move with every look, and what was done with it. */
  function setUp(step: number, isThere: boolean) {
    const answer = Promise.withResolvers<string>();
    const counts = { looks: 0, probes: 0, givenUp: 0 };
    const waiting = whileThere(
      answer.promise,
      {
        bytes: () => step * counts.looks++,
        probe: () => {
          counts.probes++;
          return isThere ? Promise.resolve() : Promise.reject(new Error('nobody there'));
        },
        giveUp: () => {
          counts.givenUp++;
          answer.reject(new Error('cut'));
        },
      },
      1,
    );
    return { answer, counts, waiting };
  }

  it('is waited for while bytes move', async () => {
    const { answer, counts, waiting } = setUp(1, false);
    await until(() => counts.looks > 5);
    answer.resolve('done');
    expect(await waiting).toBe('done');
    expect(counts.probes).toBe(0);
  });

  it('is waited for in silence while the server is there for others', async () => {
    const { answer, counts, waiting } = setUp(0, true);
    await until(() => counts.probes > 5);
    answer.resolve('done');
    expect(await waiting).toBe('done');
    expect(counts.givenUp).toBe(0);
  });

  it('is given up when nobody is there any more', async () => {
    const { counts, waiting } = setUp(0, false);
    await expect(waiting).rejects.toThrow('cut');
    expect(counts).toMatchObject({ probes: 1, givenUp: 1 });
  });
});
