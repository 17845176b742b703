import { Client } from 'pg';
import { expect, it } from 'vitest';
import { AwayError } from '../../../src/databases/errors.ts';
import { describePostgres } from '../../servers/postgres.ts';
import { until } from '../../servers/until.ts';
import { documentRows, documents, openDriver } from './open.ts';

describePostgres('connections to PostgreSQL', (database) => {
  const open = async () =>
    (await database.sql(connections)).map(({ application_name: name }) => name) as string[];
  const connections = `select application_name from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`;

  it('are as many as are used at once, no more than allowed; waits are counted', async () => {
    const driver = await openDriver(database.url, 2);
    const table = documents('waits');
    await driver.create(table);
    expect(driver.connections()).toEqual({ most: 1, waits: 0, waitedMs: 0, longestWaitMs: 0 });
    const holder = new Client(database.url);
    await holder.connect();
    await holder.query('begin; lock table waits in exclusive mode');
    const writes = [0, 1, 2, 3, 4].map((i) => driver.upsert(table, documentRows(1, 1, i)));
    await until(() => driver.connections().most === 2);
    expect((await open()).filter((name) => name === 'bulkfetch')).toHaveLength(2);
    await holder.query('commit');
    await holder.end();
    await Promise.all(writes);
    const { waitedMs, longestWaitMs, ...counts } = driver.connections();
    expect(counts).toEqual({ most: 2, waits: 3 });
    expect(longestWaitMs).toBeGreaterThan(0);
    expect(waitedMs).toBeGreaterThanOrEqual(longestWaitMs);
    await driver.close();
    expect(await open()).toEqual([]);
  });

  it('are closed in the end, those that are in use too', async () => {
    const driver = await openDriver(database.url, 3);
    const sleeping = [1, 2].map(async () => {
      for await (const _ of driver.query('select pg_sleep(1000)', [], { batchSize: 1 })) {
        throw new Error('it slept');
      }
    });
    await until(() => driver.connections().most === 2);
    const waiting = Promise.allSettled(sleeping);
    await driver.close();
    for (const result of await waiting) {
      expect(result).toMatchObject({ status: 'rejected', reason: expect.any(AwayError) as unknown });
    }
    await expect(driver.describe('x')).rejects.toThrow(AwayError);
  });

  it('make do with what a full server gives', async () => {
    const role = `${database.name}_few`;
    await database.sql(`create role ${role} login connection limit 2`);
    const url = new URL(database.url);
    url.username = role;
    try {
      const driver = await openDriver(url.href, 10);
      const answers = Array.from({ length: 20 }, () => driver.describe('pg_catalog.pg_class'));
      expect((await Promise.all(answers)).every((answer) => answer?.columns.includes('relname'))).toBe(true);
      expect(driver.connections().most).toBe(2);
      await expect(openFull(url.href)).rejects.toThrow(
        new AwayError(`too many connections for role "${role}" (53300)`),
      );
      await driver.close();
    } finally {
      await database.terminate();
      await database.sql(`drop role ${role}`);
    }
  });

  /** Two stand already. */
  const openFull = (url: string) => openDriver(url, 1);
});
