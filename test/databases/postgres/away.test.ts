import { Client } from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { AwayError, StatementError } from '../../../src/databases/errors.ts';
import type { Database } from '../../../src/databases/steady.ts';
import { DatabaseAwayError } from '../../../src/model/errors.ts';
import { cuttableProxy, type CuttableProxy } from '../../servers/cuttable.ts';
import { describePostgres } from '../../servers/postgres.ts';
import { until } from '../../servers/until.ts';
import { documentRows, documents, openDatabase, openDriver } from './open.ts';

describePostgres('a PostgreSQL server that goes away', (server) => {
  const count = async (table: string) =>
    (await server.sql(`select count(*)::int, count(distinct id)::int as ids from ${table}`))[0];

  async function proxied(): Promise<CuttableProxy> {
    const proxy = await cuttableProxy(server.url);
    onTestFinished(() => proxy[Symbol.asyncDispose]());
    return proxy;
  }

  /** A table that nobody can write into until the lock is given up. */
  async function locked(name: string): Promise<Client> {
    const client = new Client(server.url);
    client.on('error', () => {}); // ended with the others
    await client.connect();
    await client.query(`begin; lock table ${name} in exclusive mode`);
    return client;
  }

  const waiting = async (database: string) =>
    (
      await server.sql(
        `select pid from pg_stat_activity where datname = $1 and wait_event_type = 'Lock' and query like '%copy%'`,
        [database],
      )
    ).length;

  async function untilWaiting(writers: number): Promise<void> {
    for (const deadline = Date.now() + 15_000; (await waiting(server.name)) < writers;) {
      expect(Date.now()).toBeLessThan(deadline);
    }
  }

  it('writes batches once that were under way when their connections were ended', async () => {
    const { database, warnings } = await openDatabase(server.url);
    const table = documents('ended');
    await database.create(table);
    const holder = await locked('ended');
    const writes = [0, 1, 2].map((i) => database.upsert(table, documentRows(500, 100, 500 * i)));
    await untilWaiting(3);
    expect(await server.terminate()).toBeGreaterThanOrEqual(4);
    await Promise.all(writes);
    await holder.end().catch(() => undefined);
    expect(await count('ended')).toEqual({ count: 1500, ids: 1500 });
    expect(warnings[0]).toMatch(
      /^postgres:.*: (terminating connection due to administrator command \(57P01\)|the connection was lost.*); trying again$/,
    );
    expect(warnings.at(-1)).toMatch(/^postgres:.*: back after \d+\.\d s$/);
    expect(database.figures()).toMatchObject({ rowsWritten: 1500, batches: 3, connections: 3 });
    expect(database.figures().reconnects).toBeGreaterThanOrEqual(1);
    expect(database.figures().awayMs).toBeGreaterThan(0);
  });

  it('reads every row once wherever the end of the answer is cut off', async () => {
    const proxy = await proxied();
    const { database } = await openDatabase(proxy.url);
    const numbers = async () => {
      const found: unknown[] = [];
      const sql = 'select n from generate_series(1, 5) n order by n';
      for await (const { rows } of database.query(sql, [], { batchSize: 10 })) {
        found.push(...rows.flat());
      }
      return found;
    };
    await numbers();
    const before = proxy.received;
    await numbers();
    const all = proxy.received - before;
    for (let bytes = all - 1; bytes > all - 70; bytes--) {
      proxy.cutAfterReceiving(bytes);
      expect(await numbers(), `${bytes} of ${all} bytes`).toEqual([1, 2, 3, 4, 5]);
      await numbers(); // by a connection that is there
    }
  });

  it('writes a batch once that was cut off in the middle', async () => {
    const proxy = await proxied();
    const { database } = await openDatabase(proxy.url);
    const table = documents('halves');
    await database.create(table);
    proxy.cutAfterSending(200_000);
    await database.upsert(table, documentRows(1000, 1000));
    expect(proxy.total).toBeGreaterThanOrEqual(2);
    expect(await count('halves')).toEqual({ count: 1000, ids: 1000 });
  });

  it('writes a batch once whose end was never heard of', async () => {
    const proxy = await proxied();
    const { database } = await openDatabase(proxy.url);
    const table = documents('unheard');
    await database.create(table);
    await database.upsert(table, documentRows(1));
    proxy.cutAfterReceiving(13); // the server is ready for the rows: 12 bytes; then it says that it has them
    await database.upsert(table, documentRows(1000, 100, 1));
    expect(database.figures()).toMatchObject({ rowsWritten: 1001, reconnects: 1 });
    expect(await count('unheard')).toEqual({ count: 1001, ids: 1001 });
  });

  it('waits for one that is down for a while', async () => {
    const proxy = await proxied();
    const { database, warnings } = await openDatabase(proxy.url);
    const table = documents('later');
    await database.create(table);
    await proxy.refuse();
    const writes = [0, 1, 2].map((i) => database.upsert(table, documentRows(100, 10, 100 * i)));
    await until(() => warnings.length > 0);
    await proxy.accept();
    await Promise.all(writes);
    expect(await count('later')).toEqual({ count: 300, ids: 300 });
    const name = `postgres://postgres@127.0.0.1:${proxy.port}/${server.name}`;
    expect(warnings[0]).toMatch(
      new RegExp(`^${name}: .*(the connection was lost|ECONNREFUSED).*; trying again$`),
    );
  });

  it('does not wait for ever', async () => {
    const proxy = await proxied();
    const { database } = await openDatabase(proxy.url, { awayMs: 100 });
    const table = documents('never');
    await database.create(table);
    await proxy.refuse();
    const name = `postgres://postgres@127.0.0.1:${proxy.port}/${server.name}`;
    await expect(database.upsert(table, documentRows(1))).rejects.toThrow(
      new DatabaseAwayError(`${name} stayed away: connect ECONNREFUSED 127.0.0.1:${proxy.port}`),
    );
  });

  it('says at the start that nobody answers', async () => {
    const proxy = await proxied();
    await proxy.refuse();
    await expect(openDriver(proxy.url)).rejects.toThrow(
      new AwayError(`connect ECONNREFUSED 127.0.0.1:${proxy.port}`),
    );
  });

  it('tries again when one of two transactions has to give way', async () => {
    const { database } = await openDatabase(server.url);
    const table = documents('circle');
    await database.create(table);
    await database.upsert(table, documentRows(2));
    const other = new Client(server.url);
    await other.connect();
    await other.query(
      `set deadlock_timeout = '30s'; begin; update circle set body = '"other"' where id = '1'`,
    );
    const write = database.upsert(table, documentRows(2)); // has the row 0, wants the row 1
    await untilWaiting(1);
    await other.query(`update circle set body = '"other"' where id = '0'; commit`);
    await other.end();
    await write;
    expect(await server.sql('select body from circle order by id')).toEqual([
      { body: { n: 0, text: 'x'.repeat(10) } },
      { body: { n: 1, text: 'x'.repeat(10) } },
    ]);
    expect(database.figures().reconnects).toBe(1);
  });

  const numbers = 'select n, repeat($1, 100) as text from generate_series(1, 20000) as n';

  async function readAll(
    database: Database,
    sql: string,
    onRows: (rows: number) => unknown,
  ): Promise<unknown[]> {
    const values: unknown[] = [];
    for await (const { rows } of database.query(sql, sql === numbers ? ['x'] : [], { batchSize: 500 })) {
      values.push(...rows.map(([first]) => first));
      await onRows(values.length);
    }
    return values;
  }

  it('goes on with a query that was cut off, where it was', async () => {
    const proxy = await proxied();
    const { database, warnings } = await openDatabase(proxy.url);
    const cuts = new Set([500, 7000, 7500, 20_000]);
    const values = await readAll(database, numbers, (rows) => {
      if (cuts.delete(rows)) {
        proxy.cut();
      }
    });
    expect(values).toEqual(Array.from({ length: 20_000 }, (_, i) => i + 1));
    expect(database.figures()).toMatchObject({ rowsRead: 20_000, reconnects: 4 });
    expect(warnings).toHaveLength(8);
  });

  it('goes on with a query that is cut off in the middle of a row', async () => {
    const proxy = await proxied();
    const { database } = await openDatabase(proxy.url);
    proxy.cutAfterReceiving(100_000);
    const values = await readAll(database, numbers, () => {});
    expect(values).toEqual(Array.from({ length: 20_000 }, (_, i) => i + 1));
  });

  it('does not go on with a query whose rows have changed', async () => {
    await server.sql('create table moving as select n from generate_series(1, 2000) as n');
    const proxy = await proxied();
    const { database } = await openDatabase(proxy.url);
    const reading = readAll(database, 'select n from moving', async (rows) => {
      if (rows === 1000) {
        await server.sql('update moving set n = 0 where n = 10');
        proxy.cut();
      }
    });
    await expect(reading).rejects.toThrow(StatementError);
    await expect(reading).rejects.toThrow(/other rows or in another order.*ORDER BY/);
  });

  it('ends a query at once that nobody reads any more, on the server too', async () => {
    const { database } = await openDatabase(server.url);
    const end = new AbortController();
    const reading = (async () => {
      const sql = `select 'sleeper', pg_sleep(1000)`;
      for await (const _ of database.query(sql, [], { batchSize: 1, signal: end.signal })) {
        throw new Error('it slept');
      }
    })();
    const sleepers = async () =>
      (
        await server.sql(
          `select pid from pg_stat_activity where query like '%sleeper%' and state = 'active' and pid <> pg_backend_pid()`,
        )
      ).length;
    for (const deadline = Date.now() + 15_000; (await sleepers()) === 0;) {
      expect(Date.now()).toBeLessThan(deadline);
    }
    end.abort();
    await reading;
    for (const deadline = Date.now() + 15_000; (await sleepers()) > 0;) {
      expect(Date.now()).toBeLessThan(deadline);
    }
  });
});
