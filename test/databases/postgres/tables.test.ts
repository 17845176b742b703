import { expect, it } from 'vitest';
import { describePostgres } from '../../servers/postgres.ts';
import { documents, openDriver } from './open.ts';

describePostgres('tables of PostgreSQL', (database) => {
  it('makes a table that is not there, and leaves one that is', async () => {
    const driver = await openDriver(database.url);
    const table = {
      name: 'made',
      columns: [...documents('made').columns, { name: 'needed', type: 'integer', isRequired: true }],
      key: ['id'],
    } as const;
    expect(await driver.describe('made')).toBeUndefined();
    await driver.create(table);
    await driver.upsert(table, [['a', '1', 1]]);
    await driver.create({ ...table, columns: table.columns.slice(0, 1) });
    expect(await driver.describe('made')).toEqual({
      columns: ['id', 'body', 'needed'],
      generated: [],
      keys: [['id']],
    });
    expect(await database.sql('select * from made')).toEqual([{ id: 'a', body: 1, needed: '1' }]);
    await expect(driver.upsert(table, [['b', '1', null]])).rejects.toThrow(/not-null constraint \(23502\)/);
  });

  it('makes it once when many make it at once', async () => {
    const drivers = await Promise.all(Array.from({ length: 5 }, () => openDriver(database.url, 1)));
    for (let turn = 0; turn < 10; turn++) {
      await Promise.all(drivers.map((driver) => driver.create(documents(`race_${turn}`))));
    }
    expect(await drivers[0]?.describe('race_9')).toBeDefined();
  });

  it('knows the columns, and the keys that hold for all rows at once', async () => {
    await database.sql(`
      create schema other;
      create table other."Odd name" (a int, "B" text, gone int, c int, d int, primary key ("B", a));
      alter table other."Odd name" drop column gone;
      create unique index on other."Odd name" (c) include (d);
      create unique index on other."Odd name" (d) where d > 0;
      create unique index on other."Odd name" (lower("B"));
      create index on other."Odd name" (d);
      alter table other."Odd name" add constraint late unique (a) deferrable initially deferred`);
    const driver = await openDriver(database.url);
    const description = { columns: ['a', 'B', 'c', 'd'], generated: [], keys: [['B', 'a'], ['c']] };
    expect(await driver.describe('other.Odd name')).toEqual(description);
    expect(await driver.describe('other."Odd name"')).toEqual(description);
    expect(await driver.describe('Odd name')).toBeUndefined();
    expect(await driver.describe('other.odd name')).toBeUndefined();
    expect(await driver.describe('nowhere.Odd name')).toBeUndefined();
    expect(await driver.describe('other."Odd ""name"')).toBeUndefined();
  });
});
