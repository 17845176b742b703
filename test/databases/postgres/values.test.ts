import { expect, it } from 'vitest';
import type { Parameter, Rows } from '../../../src/databases/database.ts';
import { describePostgres } from '../../servers/postgres.ts';
import { openDriver } from './open.ts';

describePostgres('values out of PostgreSQL', (database) => {
  async function read(sql: string, parameters: readonly Parameter[] = []): Promise<unknown[][]> {
    const driver = await openDriver(database.url, 1);
    const rows: unknown[][] = [];
    for await (const batch of driver.query(sql, parameters, { batchSize: 100 })) {
      rows.push(...batch.rows.map((row) => [...row]));
    }
    return rows;
  }

  it.each([
    ['1::int2', '1'],
    ['(-2147483648)::int4', '-2147483648'],
    ['9007199254740993::int8', '9007199254740993'],
    ['(-9223372036854775808)::int8', '-9223372036854775808'],
    ['12345678901234567890.1230::numeric', '12345678901234567890.1230'],
    ["'NaN'::numeric", '"NaN"'],
    ["'-Infinity'::numeric", '"-Infinity"'],
    ['0.1::float4', '0.1'],
    ['1e300::float8', '1e+300'],
    ["'Infinity'::float8", '"Infinity"'],
    ["'NaN'::float4", '"NaN"'],
    ['true', 'true'],
    ['false', 'false'],
    ['null', 'null'],
    ["'a\u2028\u{1f600}'", '"a\u2028\u{1f600}"'],
    ["'ab'::char(4)", '"ab  "'],
    [`'{"big": 12345678901234567890, "kept": 1.0}'::json`, '{"big":12345678901234567890,"kept":1.0}'],
    [`'[1.10, null]'::jsonb`, '[1.10,null]'],
    [`'"text"'::jsonb`, '"text"'],
    [`(repeat('[', 3000) || repeat(']', 3000))::json`, `"${'['.repeat(3000)}${']'.repeat(3000)}"`],
    [String.raw`'\x00ff10'::bytea`, '"AP8Q"'],
    ["'2026-01-02'::date", '"2026-01-02"'],
    ["'03:04:05.000001'::time", '"03:04:05.000001"'],
    ["'2026-01-02 03:04:05.123456+05:30'::timestamptz", '"2026-01-01T21:34:05.123456Z"'],
    ["'2026-01-02 03:04:05'::timestamp", '"2026-01-02T03:04:05"'],
    ["'infinity'::timestamptz", '"infinity"'],
    ["'0044-03-15 12:00:00+00 BC'::timestamptz at time zone 'UTC'", '"0044-03-15 12:00:00 BC"'],
    ["'6f0c5ac5-16c4-4f4d-9e3b-0d0c2a6b4d11'::uuid", '"6f0c5ac5-16c4-4f4d-9e3b-0d0c2a6b4d11"'],
    ['array[1, null, 3]', '[1,null,3]'],
    ['array[[1, 2], [3, 4]]::int8[]', '[[1,2],[3,4]]'],
    [`array['a,b', 'c"d', 'null', 'e\\f', '', '{}']`, String.raw`["a,b","c\"d","null","e\\f","","{}"]`],
    [`array['{"a": [1.0]}', null]::jsonb[]`, '[{"a":[1.0]},null]'],
    [`'[0:1]={t,f}'::bool[]`, '[true,false]'],
    [`'{}'::text[]`, '[]'],
    ["interval '1 day 2 hours'", '"1 day 02:00:00"'],
    ["'(1,2)'::point", '"(1,2)"'],
  ])('reads %s as %s', async (sql, json) => {
    expect(JSON.stringify(await read(`select ${sql} as value`))).toBe(`[[${json}]]`);
  });

  it('reads the same whatever the user has set up', async () => {
    await database.sql(`
      alter database ${database.name} set datestyle = 'German';
      alter database ${database.name} set bytea_output = 'escape';
      alter database ${database.name} set extra_float_digits = -5;
      alter database ${database.name} set timezone = 'Asia/Kolkata'`);
    const sql = String.raw`select '2026-01-02 03:04:05+00'::timestamptz, '\x00ff'::bytea, 0.12345678901234567::float8,
      current_setting('timezone')`;
    const rows = await read(sql);
    await database.sql(`alter database ${database.name} reset all`);
    expect(rows).toEqual([['2026-01-02T03:04:05Z', 'AP8=', 0.12345678901234566, 'Asia/Kolkata']]);
  });

  it('binds values to places, whatever type these have', async () => {
    await database.sql('create table people (id int8 primary key, name text, born date, ok boolean)');
    await database.sql(
      `insert into people values (1, 'ann', '2001-02-03', true), (2, 'b"o{,\\b', null, false)`,
    );
    const ids = async (condition: string, ...parameters: Parameter[]) =>
      (await read(`select id from people where ${condition} order by id`, parameters)).flat();
    expect(await ids('id = $1', '2')).toEqual([2]);
    expect(await ids('id = $1', 2n)).toEqual([2]);
    expect(await ids('id = any($1)', ['1', '2', '7'])).toEqual([1, 2]);
    expect(await ids('name = any($1)', ['b"o{,\\b', 'null'])).toEqual([2]);
    expect(await ids('born = $1 and ok = $2', '2001-02-03', true)).toEqual([1]);
    expect(await ids('born is not distinct from $1', null)).toEqual([2]);
    expect(await ids('name = $1', "x' or 'a' = 'a")).toEqual([]);
    expect(await ids('id = any($1)', [])).toEqual([]);
  });

  it('tells the columns, also of no row, and when two have one name', async () => {
    const driver = await openDriver(database.url, 1);
    const answers: Rows[] = [];
    for await (const rows of driver.query('select 1 as a, 2 as a where false', [], { batchSize: 2 })) {
      answers.push(rows);
    }
    expect(answers).toEqual([{ columns: ['a', 'a'], rows: [] }]);
  });

  it('reads so many rows at a time, and no more than are asked for', async () => {
    const driver = await openDriver(database.url, 1);
    const sizes: number[] = [];
    for await (const { rows } of driver.query('select generate_series(1, 25)', [], { batchSize: 10 })) {
      sizes.push(rows.length);
    }
    expect(sizes).toEqual([10, 10, 5]);
    // Were it to make all of them first, this would never end.
    for await (const { rows } of driver.query('select generate_series(1, 1e15)', [], { batchSize: 3 })) {
      expect(rows.flat()).toEqual([1, 2, 3]);
      break;
    }
    // What was given up in the middle is not in the way of others.
    for await (const { rows } of driver.query('select 4', [], { batchSize: 3 })) {
      expect(rows).toEqual([[4]]);
    }
  });
});
