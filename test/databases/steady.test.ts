import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Driver, Rows } from '../../src/databases/database.ts';
import { AwayError, StatementError } from '../../src/databases/errors.ts';
import { Database } from '../../src/databases/steady.ts';
import { DatabaseAwayError } from '../../src/model/errors.ts';

type Row = readonly unknown[];

/** What a query gives when it is asked for the first time, the second time …: rows, then whether it is cut off. */
interface Answer {
  readonly rows: readonly Row[];
  readonly batchSize: number;
  readonly isCut: boolean;
}

const settings = {
  backoff: { retryDelay: 0, retryMaxDelay: 0, retryFactor: 1 },
  awayMs: 60_000,
  onWarning: () => {},
};

function databaseOf(answers: readonly Answer[], awayMs = settings.awayMs): Database {
  let asked = 0;
  const query: Driver['query'] = async function* (): AsyncGenerator<Rows, void, undefined> {
    const { rows, batchSize, isCut } = answers[Math.min(asked++, answers.length - 1)]!;
    yield { columns: ['a'], rows: [] }; // drivers may do so
    for (let i = 0; i < rows.length; i += batchSize) {
      await Promise.resolve();
      yield { columns: ['a'], rows: rows.slice(i, i + batchSize) };
    }
    if (isCut) {
      throw new AwayError('cut off');
    }
  };
  const nothing = () => Promise.reject(new Error('not asked for'));
  return new Database(
    {
      name: 'fake',
      writers: 1,
      query,
      describe: nothing,
      create: nothing,
      upsert: nothing,
      connections: () => ({ most: 1, waits: 0, waitedMs: 0, longestWaitMs: 0 }),
      close: () => Promise.resolve(),
    },
    { ...settings, awayMs },
  );
}

async function readAll(database: Database, onto: Row[] = []): Promise<readonly Row[]> {
  for await (const { columns, rows } of database.query('', [], { batchSize: 1 })) {
    expect(columns).toEqual(['a']);
    onto.push(...rows);
  }
  return onto;
}

const row = fc.tuple(fc.oneof(fc.integer(), fc.string(), fc.constant(null), fc.constant({ a: [1] })));
const batchSize = fc.integer({ min: 1, max: 7 });

describe('a query that is cut off', () => {
  it('gives every row once, wherever it is cut off and however the rows come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 30 }),
        fc.array(fc.tuple(fc.nat({ max: 30 }), batchSize), { maxLength: 5 }),
        batchSize,
        async (rows, cuts, last) => {
          const database = databaseOf([
            ...cuts.map(([at, size]) => ({ rows: rows.slice(0, at), batchSize: size, isCut: true })),
            { rows, batchSize: last, isCut: false },
          ]);
          expect(await readAll(database)).toEqual(rows);
          expect(database.figures().rowsRead).toBe(rows.length);
        },
      ),
    );
  });

  it('fails when a row that was handed on is another, at another place or gone', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(row, { minLength: 1, maxLength: 20, selector: (one) => JSON.stringify(one) }),
        fc.nat(),
        fc.constantFrom('changed', 'swapped', 'missing', 'more'),
        batchSize,
        async (rows, place, what, size) => {
          const at = place % rows.length;
          const other = (at + 1) % rows.length;
          const changes = {
            changed: rows.with(at, ['another one']),
            swapped: rows.with(at, rows[other]!).with(other, rows[at]!),
            missing: rows.toSpliced(at, 1),
            more: rows.toSpliced(at, 0, ['another one']),
          };
          fc.pre(JSON.stringify(changes[what]) !== JSON.stringify(rows));
          const passed: Row[] = [];
          const database = databaseOf([
            { rows, batchSize: size, isCut: true },
            { rows: changes[what], batchSize: size, isCut: false },
          ]);
          await expect(readAll(database, passed)).rejects.toThrow(StatementError);
          expect(passed).toEqual(rows);
        },
      ),
    );
  });

  it('may get other rows after those that were handed on', async () => {
    const database = databaseOf([
      { rows: [[1], [2]], batchSize: 1, isCut: true },
      { rows: [[1], [2], ['new']], batchSize: 3, isCut: false },
    ]);
    expect(await readAll(database)).toEqual([[1], [2], ['new']]);
  });

  it('ends when it always fails at the same place', async () => {
    const database = databaseOf([{ rows: [[1], [2]], batchSize: 1, isCut: true }], 20);
    await expect(readAll(database)).rejects.toThrow(new DatabaseAwayError('fake stayed away: cut off'));
  });
});
