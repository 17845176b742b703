import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Cell, Column, Table } from '../../../src/databases/database.ts';
import { RefusedError, StatementError } from '../../../src/databases/errors.ts';
import { describePostgres } from '../../servers/postgres.ts';
import { documentRows, documents, openDriver } from './open.ts';

describePostgres('rows into PostgreSQL', (database) => {
  const stored = async (table: string) =>
    (await database.sql(`select id, body from ${table} order by id collate "C"`)).map(({ id, body }) => [
      id,
      body,
    ]);

  it('puts rows in, and in place of those with the same key, by either way', async () => {
    const driver = await openDriver(database.url);
    const table = documents('replaced');
    await driver.create(table);
    await driver.upsert(table, [
      ['a', '1'],
      ['b', '2'],
    ]);
    for (let turn = 0; turn < 10; turn++) {
      await driver.upsert(table, [
        ['b', `${turn}`],
        [`new ${turn}`, 'null'],
      ]);
    }
    expect(await stored('replaced')).toEqual([
      ['a', 1],
      ['b', 9],
      ...Array.from({ length: 10 }, (_, turn) => [`new ${turn}`, null]),
    ]);
  });

  it('keeps every text as it is', async () => {
    const driver = await openDriver(database.url);
    const table: Table = {
      name: 'texts',
      columns: [
        { name: 'id', type: 'integer' },
        { name: 'value', type: 'text' },
      ],
      key: ['id'],
    };
    await driver.create(table);
    const text = fc
      .oneof(
        fc.string({ unit: 'grapheme' }),
        fc.string({
          unit: fc.constantFrom('\\', '\t', '\n', '\r', '\b', '\v', '\f', 'N', '.', 'x', '"', "'"),
        }),
        fc.constantFrom('', '\\N', '\\.', '\\.\n', 'null', '\u2028', '\uFEFF'),
      )
      .filter((value) => !value.includes('\0'));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(text), { minLength: 1, maxLength: 20 }), async (values) => {
        await driver.upsert(
          table,
          values.map((value, id) => [id, value]),
        );
        const rows = await database.sql('select value from texts where id < $1 order by id', [values.length]);
        expect(rows.map(({ value }) => value)).toEqual(values);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['as they are made', '', '{"b":"\\t","a":1.10}'],
    ['with jsonb', `alter table types alter "a json" type jsonb`, '{"a":1.10,"b":"\\t"}'],
    [
      'of which one is of the user',
      `alter table types alter "a integer" type numeric`,
      '{"b":"\\t","a":1.10}',
    ],
  ])('keeps the values of each type, in columns %s', async (_, change, json) => {
    const driver = await openDriver(database.url);
    const types = ['integer', 'real', 'boolean', 'text', 'time', 'json'] as const;
    const columns = types.map((type): Column => ({ name: `a ${type}`, type }));
    const table: Table = { name: 'types', columns, key: ['a text'] };
    await database.sql('drop table if exists types');
    await driver.create(table);
    await database.sql(change);
    const rows: Cell[][] = [
      [9_007_199_254_740_993n, 0.1, true, 'x', '2026-01-02T03:04:05.123Z', '{"b": "\\t", "a": 1.10}'],
      [-9_007_199_254_740_991, 123_456.7, false, 'y', '2026-01-02T03:04:05+05:30', '"text"'],
      [-1, -0.5, null, 'z', '1969-12-31T23:59:59.999Z', '[]'],
      [null, null, null, 'zz', null, null],
    ];
    for (const turn of ['straight into it', 'over what is there']) {
      await driver.upsert(table, rows);
      const back: unknown[] = [];
      for await (const batch of driver.query('select * from types order by 4', [], { batchSize: 10 })) {
        back.push(...batch.rows);
      }
      expect(JSON.stringify(back), turn).toBe(
        `[[9007199254740993,0.1,true,"x","2026-01-02T03:04:05.123Z",${json}],` +
          '[-9007199254740991,123456.7,false,"y","2026-01-01T21:34:05Z","text"],' +
          '[-1,-0.5,null,"z","1969-12-31T23:59:59.999Z",[]],' +
          '[null,null,null,"zz",null,null]]',
      );
    }
  });

  it('lets the database convert what goes into a table of the user', async () => {
    await database.sql(`
      create type mood as enum ('good', 'bad');
      create schema "My Reports";
      create table "My Reports"."People" (
        id uuid primary key, born date, mood mood, tags text[], "the ""amount" numeric(10, 2) not null default 7,
        doubled numeric generated always as ("the ""amount" * 2) stored, kept text default 'kept')`);
    const driver = await openDriver(database.url);
    const names = ['born', 'id', 'mood', 'tags', 'the "amount'];
    const table: Table = {
      name: '"My Reports".People',
      columns: names.map((name) => ({ name, type: undefined })),
      key: ['id'],
    };
    const id = '6f0c5ac5-16c4-4f4d-9e3b-0d0c2a6b4d11';
    await driver.upsert(table, [['2001-02-03', id, 'good', '{a,b}', 1.5]]);
    await driver.upsert(table, [['2001-02-04', id.toUpperCase(), 'bad', null, '2.25']]);
    const [row] = await database.sql('select to_jsonb(p) as row from "My Reports"."People" p');
    expect(row?.['row']).toEqual({
      id,
      born: '2001-02-04',
      mood: 'bad',
      tags: null,
      'the "amount': 2.25,
      doubled: 4.5,
      kept: 'kept',
    });
  });

  it('writes the ids of a column that numbers its rows itself, once and again', async () => {
    await database.sql(
      'create table numbered (id bigint generated always as identity primary key, body json)',
    );
    const driver = await openDriver(database.url);
    const table = documents('numbered');
    const own: Table = { ...table, columns: table.columns.map(({ name }) => ({ name, type: undefined })) };
    for (const body of ['1', '2']) {
      await driver.upsert(own, [['7', body]]);
    }
    expect(await database.sql('select * from numbered')).toEqual([{ id: '7', body: 2 }]);
  });

  it.each(['straight into the table', 'over what is there'])(
    'goes on when the types of columns are altered, %s',
    async (way) => {
      const driver = await openDriver(database.url);
      const table = documents(`altered_${way.length}`);
      await driver.create(table);
      const ids = (first: number) => [0, 1, 2].map((n) => [String(first + n), '{"a":1}']);
      await driver.upsert(table, ids(0));
      const again = way === 'over what is there' ? 0 : 10;
      await driver.upsert(table, ids(again));
      for (const type of ['jsonb', 'json', 'text']) {
        await database.sql(`alter table ${table.name} alter body type ${type} using body::${type}`);
        await driver.upsert(table, ids(again === 0 ? 0 : 10 * type.length));
        await driver.upsert(table, [['1', '{"b":2}']]);
      }
      expect(await database.sql(`select body::json from ${table.name} where id = '1'`)).toEqual([
        { body: { b: 2 } },
      ]);
    },
  );

  it('stores none of the rows when one is refused, and takes the others afterwards', async () => {
    const driver = await openDriver(database.url, 1);
    await database.sql(
      'create table strict (id text primary key, body jsonb not null check (body <> \'"no"\'))',
    );
    const table = documents('strict');
    await driver.upsert(table, [['old', '1']]);
    const refused = async (...rows: Cell[][]) => {
      await expect(driver.upsert(table, [['good', '1'], ...rows])).rejects.toThrow(RefusedError);
      expect(await stored('strict')).toEqual([['old', 1]]);
    };
    const bad: readonly Cell[] = [
      null,
      '"no"',
      '{"a": "\\u0000"}',
      '"\\ud800"',
      '{',
      `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      '1e200000',
      '"\0"',
      '"\ud800"',
    ];
    for (const body of bad) {
      await refused(['bad', body]); // by COPY straight into the table …
      await refused(['old', '2'], ['bad', body]); // … and over what is there
    }
    await refused(['x'.repeat(100_000).replaceAll('x', () => Math.random().toString(36)), '1']);
    await driver.upsert(table, [['good', '1']]);
    expect(await stored('strict')).toEqual([
      ['good', 1],
      ['old', 1],
    ]);
    expect(driver.connections().most).toBe(1);
  });

  it('refuses a row in the middle of many, while others are still being sent', async () => {
    const driver = await openDriver(database.url, 1);
    const table = documents('many');
    await driver.create(table);
    const rows = documentRows(20_000, 1000);
    for (const at of [0, 10_000, 19_999]) {
      await expect(driver.upsert(table, rows.with(at, ['bad', '{']))).rejects.toThrow(
        /^invalid input syntax for type json \(22P02\)$/,
      );
    }
    await expect(driver.upsert(table, rows.with(10_000, ['bad', '"\ud800"']))).rejects.toThrow(RefusedError);
    expect(await stored('many')).toEqual([]);
    await driver.upsert(table, rows);
    await driver.upsert(table, rows);
    expect(await database.sql('select count(*)::int from many')).toEqual([{ count: 20_000 }]);
  });

  it('writes where COPY may not: under row-level security, into a view', async () => {
    await database.sql(`
      create table secured (id text primary key, body jsonb);
      alter table secured enable row level security;
      create policy mine on secured using (true) with check (id <> 'theirs');
      create view seen as select * from secured;
      drop role if exists ${database.name}_writer;
      create role ${database.name}_writer login;
      grant all on secured, seen to ${database.name}_writer`);
    try {
      const url = new URL(database.url);
      url.username = `${database.name}_writer`;
      const driver = await openDriver(url.href);
      await driver.upsert(documents('secured'), [['a', '1']]);
      await driver.upsert(documents('secured'), [['a', '2']]);
      await driver.upsert(documents('seen'), [['b', '3']]);
      expect(await stored('secured')).toEqual([
        ['a', 2],
        ['b', 3],
      ]);
      await driver.close();
    } finally {
      await database.sql(
        `drop owned by ${database.name}_writer; drop role ${database.name}_writer; drop view seen`,
      );
    }
  });

  it('says what is wrong with a table', async () => {
    const driver = await openDriver(database.url);
    const put = (table: Table) => driver.upsert(table, [['a', '1']]);
    await expect(put(documents('nowhere'))).rejects.toThrow(
      new StatementError('relation "nowhere" does not exist (42P01)'),
    );
    await database.sql('create table narrow (id text primary key)');
    await expect(put(documents('narrow'))).rejects.toThrow(
      new StatementError('column "body" of relation "narrow" does not exist (42703)'),
    );
    await database.sql('create table keyless (id text, body jsonb)');
    await driver.upsert(documents('keyless'), [['a', '1']]); // the sink looks before it writes
  });
});
