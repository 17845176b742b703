import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Rows } from '../../../src/databases/database.ts';
import { RefusedError } from '../../../src/databases/errors.ts';
import { lookUp } from '../../../src/sources/sql/look-up.ts';
import { parseIds } from '../../../src/sources/urls/ids.ts';

interface Question {
  readonly ids: readonly string[];
  readonly answer: () => void;
  readonly fail: (error: Error) => void;
}

/** A database in which every question waits to be answered. */
function asked() {
  const questions: Question[] = [];
  const ask = (ids: readonly string[]) => {
    const { promise, resolve, reject } = Promise.withResolvers<Rows>();
    questions.push({
      ids,
      answer: () => resolve({ columns: ['id'], rows: ids.map((id) => [id]) }),
      fail: reject,
    });
    return promise;
  };
  return { questions, ask };
}

const texts = (rows: readonly (readonly unknown[])[]) => rows.map(([id]) => String(id)).join();

describe('looking ids up', () => {
  it('asks for so many at a time, and keeps their order whichever answer comes first', async () => {
    const { questions, ask } = asked();
    const answers = lookUp(parseIds('1-5'), { size: 2, pool: 10 }, ask);
    const first = answers.next();
    expect(questions.map(({ ids }) => ids.join())).toEqual(['1,2', '3,4', '5']);
    questions.toReversed().forEach(({ answer }) => answer());
    const got = [await first, await answers.next(), await answers.next(), await answers.next()];
    expect(got.map(({ value }) => value && [value.ids?.join(), texts(value.rows)])).toEqual([
      ['1,2', '1,2'],
      ['3,4', '3,4'],
      ['5', '5'],
      undefined,
    ]);
  });

  it.each([
    { pool: 1, atOnce: 1 },
    { pool: 3, atOnce: 3 },
    { pool: 100, atOnce: 4 },
  ])('with a pool of $pool, $atOnce are asked ahead of the reader', async ({ pool, atOnce }) => {
    const { questions, ask } = asked();
    const answers = lookUp(parseIds('1-1000000000'), { size: 1, pool }, ask);
    const first = answers.next();
    expect(questions).toHaveLength(atOnce);
    questions[0]!.answer();
    await first;
    expect(questions).toHaveLength(atOnce + 1);
    questions.forEach(({ answer }) => answer());
    await setImmediate();
    expect(questions).toHaveLength(atOnce + 1); // until the reader comes again
  });

  it('throws where its turn is what one of them threw', async () => {
    const { questions, ask } = asked();
    const answers = lookUp(parseIds('1-2'), { size: 1, pool: 2 }, ask);
    const first = answers.next();
    questions[1]!.fail(new Error('the second'));
    questions[0]!.answer();
    expect((await first).done).toBe(false);
    await expect(answers.next()).rejects.toThrow('the second');
  });

  it('finds the rows of the others when ids are refused', async () => {
    const asked: string[] = [];
    const ask = async (ids: readonly string[]): Promise<Rows> => {
      asked.push(ids.join());
      const refused = ids.find((id) => /\D/.test(id));
      if (refused !== undefined) {
        throw new RefusedError(`no number: ${refused}`);
      }
      return Promise.resolve({ columns: ['id'], rows: ids.map((id) => [id]) });
    };
    const got: unknown[] = [];
    const answers = lookUp(parseIds('1-3,abc,4,5,x,6,7,8'), { size: 7, pool: 1 }, ask);
    for await (const { ids, columns, rows } of answers) {
      got.push([ids?.join(), columns, texts(rows)]);
    }
    expect(got).toEqual([
      ['1,2,3,abc,4,5,x', ['id'], '1,2,3,4,5'],
      ['6,7,8', ['id'], '6,7,8'],
    ]);
    expect(asked.length).toBeLessThan(14);
  });

  it('throws what is refused whatever the ids', async () => {
    const ask = () => Promise.reject(new RefusedError('no date: $2'));
    const answers = lookUp(parseIds('1-5'), { size: 5, pool: 1 }, ask);
    await expect(answers.next()).rejects.toThrow(new RefusedError('no date: $2'));
  });
});
