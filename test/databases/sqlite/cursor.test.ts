import { DatabaseSync } from 'node:sqlite';
import { deserialize } from 'node:v8';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ReadBatch } from '../../../src/databases/sqlite/calls.ts';
import { Cursor } from '../../../src/databases/sqlite/cursor.ts';
import { folder } from './open.ts';

const nothing = () => {};

describe('a cursor', () => {
  it('is read to its end at once, holds no lock, and keeps the order of what waits', () => {
    const { database, beside } = filled(1000);
    const cursor = opened(database, 'select n from numbers order by n', 10);
    const taken = [take(cursor)];
    beside.exec('begin exclusive; delete from numbers; commit'); // throws when somebody reads still
    while (taken.at(-1)?.isLast === false) {
      taken.push(take(cursor));
    }
    expect(taken.flatMap(rowsOf)).toEqual(Array.from({ length: 1000 }, (_, i) => [i + 1]));
  });

  it('gives rows in its pauses too, in their order, without a file between', () => {
    const { database } = filled(95);
    const cursor = opened(database, 'select n from numbers order by n', 10);
    const taken: ReadBatch[] = [];
    const ask = () => cursor.next({ take: (batch) => taken.push(batch), fail: nothing }, ask);
    ask();
    expect(taken.map((batch) => rowsOf(batch).length)).toEqual([10, 10, 10, 10, 10, 10, 10, 10, 10, 5]);
    expect(taken.map((batch) => batch.isLast).indexOf(true)).toBe(9);
  });

  it('gives the rows before a fault, then the fault', () => {
    const { database } = filled(25);
    const cursor = opened(
      database,
      "select json_extract(case n when 25 then '{' else '[1]' end, '$[0]') from numbers",
      10,
    );
    expect(rowsOf(take(cursor))).toHaveLength(10);
    expect(rowsOf(take(cursor))).toHaveLength(10);
    expect(() => take(cursor)).toThrow('malformed JSON');
    expect(database.isTransaction).toBe(false);
  });

  it('stops when nobody reads on', () => {
    const { database } = filled(1000);
    let calls = 0;
    database.function('counted', (n) => {
      calls++;
      return n;
    });
    const cursor = opened(database, 'select counted(n) from numbers', 10);
    cursor.next({ take: nothing, fail: nothing }, () => cursor.drop());
    expect(calls).toBe(10);
    expect(database.isTransaction).toBe(false);
  });

  it('may be read in the pause of another one, whose end it leaves alone', () => {
    const { database } = filled(50);
    const outer = opened(database, 'select n from numbers order by n', 10);
    const inner = opened(database, 'select n from numbers order by n desc', 50);
    const rows: unknown[] = [];
    let pauses = 0;
    const pause = () => {
      if (pauses++ === 1) {
        rows.push(...rowsOf(take(inner)));
      }
    };
    outer.next({ take: nothing, fail: nothing }, pause);
    expect(rows).toHaveLength(50);
    expect([take(outer), take(outer), take(outer), take(outer)].flatMap(rowsOf)).toHaveLength(40);
  });
});

/** A file with the numbers from 1, and another connection to it. */
function filled(count: number) {
  const file = path.join(folder(), 'numbers.db');
  const [beside, database] = [new DatabaseSync(file), new DatabaseSync(file)];
  onTestFinished(() => [beside, database].forEach((one) => one.close()));
  beside.exec(`create table numbers (n integer);
    with recursive r (n) as (select 1 union all select n + 1 from r where n < ${count})
    insert into numbers select n from r`);
  return { database, beside };
}

function opened(database: DatabaseSync, sql: string, batchSize: number): Cursor {
  return new Cursor(database, { sql, values: {}, batchSize });
}

/** The next rows, which are there. */
function take(cursor: Cursor): ReadBatch {
  let taken: ReadBatch | undefined;
  const fail = (error: unknown) => {
    throw error;
  };
  cursor.next({ take: (batch) => (taken = batch), fail }, nothing);
  if (taken === undefined) {
    throw new Error('no rows came');
  }
  return taken;
}

function rowsOf({ rows }: ReadBatch): unknown[][] {
  return deserialize(rows) as unknown[][];
}
