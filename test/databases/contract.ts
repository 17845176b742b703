import { expect, it, onTestFinished } from 'vitest';
import type { Cell, Driver, DriverSettings, Parameter, Rows, Table } from '../../src/databases/database.ts';
import { RefusedError, StatementError } from '../../src/databases/errors.ts';

/** A kind of database that keeps the contract. */
export interface ContractSubject {
  /** Opens the same database each time. */
  open(settings: DriverSettings): Promise<Driver>;
  /** Runs a statement beside the driver, as another program would. */
  sql(statement: string): Promise<void>;
  /** True for rows whose column is in the list that is the query's first parameter. */
  isAmong(column: string): string;
  /** A query for the whole numbers from 1, in a column `n`. */
  count(to: number): string;
}

/** What every driver does, whatever the database. */
export function driverContract(subject: ContractSubject): void {
  const open = async (settings: Partial<DriverSettings> = {}) => {
    const driver = await subject.open({ pool: 4, isReadOnly: false, isSynced: false, ...settings });
    onTestFinished(() => driver.close());
    return driver;
  };
  const filled = async (name: string, rows: readonly Cell[][]) => {
    const driver = await open();
    const table = notes(name);
    await driver.create(table);
    await driver.upsert(table, rows);
    return { driver, table };
  };

  it('makes a table unless it is there, and says what it is', async () => {
    const driver = await open();
    expect(await driver.describe('made')).toBeUndefined();
    await driver.create(notes('made'));
    await driver.create(notes('made'));
    expect(await driver.describe('made')).toEqual({
      columns: ['id', 'page', 'text'],
      generated: [],
      keys: [['id', 'page']],
    });
    expect(await all(driver, 'select * from made')).toEqual({ columns: ['id', 'page', 'text'], rows: [] });
  });

  it('tells the keys of a table of the user: unique for all rows, and made of columns', async () => {
    await subject.sql('create table owned (a integer primary key, b text, c text, d text, unique (c, b))');
    await subject.sql('create unique index owned_some on owned (d) where a > 0');
    await subject.sql('create unique index owned_lower on owned (lower(d))');
    await subject.sql('create index owned_plain on owned (d)');
    await subject.sql('create view seen as select b, c from owned');
    const driver = await open();
    const owned = await driver.describe('owned');
    expect(owned?.columns).toEqual(['a', 'b', 'c', 'd']);
    expect(new Set(owned?.keys)).toEqual(new Set([['a'], ['c', 'b']]));
    expect(await driver.describe('seen')).toEqual({ columns: ['b', 'c'], generated: [], keys: [] });
  });

  it('tells the columns that the database computes', async () => {
    await subject.sql(
      'create table sums (a integer primary key, b integer generated always as (a + 1) stored, c integer)',
    );
    const driver = await open();
    expect(await driver.describe('sums')).toEqual({
      columns: ['a', 'b', 'c'],
      generated: ['b'],
      keys: [['a']],
    });
  });

  it('takes any name for a table and a column', async () => {
    const driver = await open();
    const table: Table = {
      name: "Select Ünion 'x'",
      columns: [
        { name: 'order', type: 'text' },
        { name: 'a "b" c', type: 'text' },
        { name: 'ÄÖ;--', type: 'integer' },
      ],
      key: ['order'],
    };
    await driver.create(table);
    await driver.upsert(table, [['a', 'b', 1]]);
    await driver.upsert(table, [['a', 'c', 2]]);
    expect(await driver.describe(table.name)).toEqual({
      columns: ['order', 'a "b" c', 'ÄÖ;--'],
      generated: [],
      keys: [['order']],
    });
    const { rows } = await all(driver, `select * from "Select Ünion 'x'"`);
    expect(rows).toEqual([['a', 'c', 2]]);
  });

  it('replaces rows with the same key, and no others', async () => {
    const { driver, table } = await filled('replaced', [
      ['a', 1, 'old'],
      ['a', 2, 'old'],
      ['b', 1, 'old'],
    ]);
    await driver.upsert(table, [
      ['a', 1, 'new'],
      ['c', 1, 'new'],
    ]);
    expect((await all(driver, 'select * from replaced order by id, page')).rows).toEqual([
      ['a', 1, 'new'],
      ['a', 2, 'old'],
      ['b', 1, 'old'],
      ['c', 1, 'new'],
    ]);
  });

  it('takes a table that is all key', async () => {
    const driver = await open();
    const table: Table = { name: 'bare', columns: [{ name: 'id', type: 'text' }], key: ['id'] };
    await driver.create(table);
    await driver.upsert(table, [['a'], ['b']]);
    await driver.upsert(table, [['b'], ['c']]);
    expect((await all(driver, 'select id from bare order by id')).rows).toEqual([['a'], ['b'], ['c']]);
  });

  it.each<[string, Cell, string?]>([
    ['integer', 0],
    ['integer', -5],
    ['integer', 9007199254740991],
    ['integer', 9223372036854775807n, '9223372036854775807'],
    ['integer', -9007199254740993n, '-9007199254740993'],
    ['real', 0.1],
    ['real', 5],
    ['real', -1.5e30, '-1.5e+30'],
    ['boolean', true],
    ['boolean', false],
    ['text', ''],
    ['text', '5'],
    ['text', '1e3'],
    ['text', 'a\tb\r\nc \\N \\. "quoted" \'x\' \u2028 ü 😀 \u0001'],
    ['time', '2026-01-02T03:04:05.123Z'],
    ['json', '{"a":[1,"x",null,true],"ü":"😀"}'],
    ['json', '"text"'],
    ['json', '7'],
    ['json', 'null'],
    ['json', '{"id":12345678901234567890}'],
    ['integer', null, 'null'],
    ['text', null, 'null'],
    ['json', null, 'null'],
  ])('keeps %s %s', async (type, value, written) => {
    const driver = await open();
    const table: Table = {
      name: `kept_${type}`,
      columns: [
        { name: 'id', type: 'integer' },
        { name: 'value', type: type as 'text' },
      ],
      key: ['id'],
    };
    await driver.create(table);
    await driver.upsert(table, [[1, value]]);
    const { rows } = await all(driver, `select value from kept_${type}`);
    const expected = written ?? (type === 'json' ? value : JSON.stringify(value));
    expect(JSON.stringify(rows)).toBe(`[[${String(expected)}]]`);
  });

  it('gives columns of the user what they take', async () => {
    await subject.sql('create table loose (id integer primary key, label varchar(20), amount numeric)');
    const driver = await open();
    const table: Table = {
      name: 'loose',
      columns: ['id', 'label', 'amount'].map((name) => ({ name, type: undefined })),
      key: ['id'],
    };
    await driver.upsert(table, [
      [1, 5, 5],
      [2, 'five', 0.5],
      [3, null, '12'],
    ]);
    const { rows } = await all(driver, 'select * from loose order by id');
    expect(JSON.stringify(rows)).toBe('[[1,"5",5],[2,"five",0.5],[3,null,12]]');
  });

  it.each<[string, Cell]>([
    ['a column that must have a value', null],
    ['half of a surrogate pair', 'a\ud800b'],
  ])('stores none of the rows when one is refused: %s', async (_, value) => {
    const driver = await open();
    const table: Table = {
      name: 'strict',
      columns: [
        { name: 'id', type: 'integer' },
        { name: 'text', type: 'text', isRequired: true },
      ],
      key: ['id'],
    };
    await driver.create(table);
    await driver.upsert(table, [[1, 'old']]);
    const rows: Cell[][] = Array.from({ length: 50 }, (_, id) => [id, 'new']);
    await expect(driver.upsert(table, [...rows, [50, value]])).rejects.toThrow(RefusedError);
    expect((await all(driver, 'select * from strict')).rows).toEqual([[1, 'old']]);
    await driver.upsert(table, rows); // and goes on
    expect((await all(driver, 'select count(*) from strict')).rows).toEqual([[50]]);
    await subject.sql('drop table strict');
  });

  it('takes upserts at once, in whatever number', async () => {
    const { driver, table } = await filled('many', []);
    const batch = (at: number): Cell[][] => Array.from({ length: 20 }, (_, i) => [`${at}-${i}`, 1, 'x']);
    await Promise.all(Array.from({ length: 30 }, (_, at) => driver.upsert(table, batch(at))));
    expect((await all(driver, 'select count(*) from many')).rows).toEqual([[600]]);
  });

  it('says that a table is missing', async () => {
    const driver = await open();
    await expect(driver.upsert(notes('missing'), [['a', 1, 'x']])).rejects.toThrow(StatementError);
    await expect(all(driver, 'select * from missing')).rejects.toThrow(StatementError);
  });

  it.each([1, 6, 7, 8, 1000])('gives an answer in batches of at most %i', async (batchSize) => {
    const driver = await open();
    const batches: Rows[] = [];
    for await (const rows of driver.query(subject.count(7), [], { batchSize })) {
      batches.push(rows);
    }
    expect(batches.every(({ columns, rows }) => columns[0] === 'n' && rows.length <= batchSize)).toBe(true);
    expect(batches.flatMap(({ rows }) => rows)).toEqual([1, 2, 3, 4, 5, 6, 7].map((n) => [n]));
  });

  it('gives the columns of an empty answer, and keeps two of one name', async () => {
    const driver = await open();
    expect(await all(driver, "select 1 as a, 'x' as b where 1 = 0")).toEqual({
      columns: ['a', 'b'],
      rows: [],
    });
    expect(await all(driver, 'select 1 as a, 2 as a')).toEqual({ columns: ['a', 'a'], rows: [[1, 2]] });
  });

  it('binds parameters by their number, a list as one', async () => {
    const { driver } = await filled('bound', [
      ["o'x", 1, 'one'],
      ['b', 2, 'two'],
      ['c', 3, 'three'],
    ]);
    const rows = async (condition: string, ...parameters: Parameter[]) =>
      (await all(driver, `select text from bound where ${condition} order by page`, parameters)).rows.flat();
    expect(await rows('page > $2 and id <> $1', 'b', 1)).toEqual(['three']);
    expect(await rows('page = $1 or page = $1 + 1', 2)).toEqual(['two', 'three']);
    expect(await rows(subject.isAmong('id'), ["o'x", 'c', 'none'])).toEqual(['one', 'three']);
    expect(await rows(subject.isAmong('id'), [])).toEqual([]);
    expect(await rows("id = $1 and text <> '$2' -- $3", "o'x")).toEqual(['one']);
  });

  it.each([
    ['no SQL', 'selec 1'],
    ['a column that is missing', 'select nothing from kept'],
    ['too few parameters', 'select $1, $2', 'one'],
    ['too many', 'select 1 where 1 = $1', '1', '2'],
    ['two statements', 'select 1; select 2'],
    ['insert', "insert into untouched values ('b', 1, 'x') returning id"],
    ['delete', 'delete from untouched returning id'],
    ['update within', 'with gone as (select 1) update untouched set page = 7 returning id'],
    ['drop', 'drop table untouched'],
  ])('refuses a query that is %s', async (_, sql, ...parameters) => {
    const { driver } = await filled('untouched', [['a', 1, 'x']]);
    const reading = await open({ isReadOnly: true });
    for (const one of [driver, reading]) {
      await expect(all(one, sql, parameters)).rejects.toThrow(StatementError);
    }
    expect((await all(reading, 'select * from untouched')).rows).toEqual([['a', 1, 'x']]);
  });

  it('reads what was there when it began, while rows are written', async () => {
    const { driver, table } = await filled('moving', numbered(0, 1000));
    const seen: unknown[] = [];
    for await (const { rows } of driver.query('select id from moving', [], { batchSize: 100 })) {
      seen.push(...rows.flat());
      await driver.upsert(table, numbered(seen.length + 1000, 100));
    }
    expect(seen.length).toBe(1000);
    expect((await all(driver, 'select count(*) from moving')).rows).toEqual([[2000]]);
  });

  it('reads several answers at once', async () => {
    const driver = await open();
    const lengths = await Promise.all(
      [3000, 10, 2000].map(async (to) => (await all(driver, subject.count(to), [], 7)).rows.length),
    );
    expect(lengths).toEqual([3000, 10, 2000]);
  });

  it('may be left in the middle of an answer', async () => {
    const driver = await open({ pool: 1 });
    for (let turn = 0; turn < 3; turn++) {
      for await (const { rows } of driver.query(subject.count(5000), [], { batchSize: 10 })) {
        if (rows.length > 0) {
          break;
        }
      }
    }
    expect((await all(driver, 'select 1')).rows).toEqual([[1]]);
  });

  it('ends an answer when nobody reads on', async () => {
    const driver = await open({ pool: 1 });
    const abort = new AbortController();
    const rows = driver.query(subject.count(5000), [], { batchSize: 10, signal: abort.signal });
    await rows.next();
    abort.abort();
    let left = 0;
    for await (const batch of rows) {
      left += batch.rows.length;
    }
    expect(left).toBeLessThan(100);
    expect((await all(driver, 'select 1')).rows).toEqual([[1]]);
  });

  it('is closed as often as anyone likes', async () => {
    const { driver } = await filled('closed', [['a', 1, 'x']]);
    await all(driver, 'select * from closed');
    expect(driver.connections().most).toBeGreaterThan(0);
    await driver.close();
    await driver.close();
    await expect(all(driver, 'select 1')).rejects.toThrow();
  });
}

function notes(name: string): Table {
  return {
    name,
    columns: [
      { name: 'id', type: 'text', isRequired: true },
      { name: 'page', type: 'integer', isRequired: true },
      { name: 'text', type: 'text' },
    ],
    key: ['id', 'page'],
  };
}

function numbered(from: number, count: number): Cell[][] {
  return Array.from({ length: count }, (_, i) => [String(from + i), 1, 'x']);
}

/** The whole answer. */
async function all(
  driver: Driver,
  sql: string,
  parameters: readonly Parameter[] = [],
  batchSize = 100,
): Promise<Rows> {
  let columns: readonly string[] = [];
  const rows: (readonly unknown[])[] = [];
  for await (const batch of driver.query(sql, parameters, { batchSize })) {
    ({ columns } = batch);
    rows.push(...batch.rows);
  }
  return { columns, rows };
}
