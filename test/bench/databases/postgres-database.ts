import { Client } from 'pg';

/** A database of its own on the server of the tests. */
export interface PostgresDatabase {
  readonly url: string;
  /** Rows of a table, and those that are ok. */
  tally(table: string): Promise<{ readonly records: number; readonly ok: number }>;
  /** Removes a table, if it is there. */
  dropTable(table: string): Promise<void>;
  /** Removes the database. */
  remove(): Promise<void>;
}

const server = process.env['BULKFETCH_TEST_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** Makes a database on the server that BULKFETCH_TEST_POSTGRES names; undefined when it cannot be reached. */
export async function postgresDatabase(): Promise<PostgresDatabase | undefined> {
  const name = `bulkfetch_bench_${process.pid}`;
  const admin = await connect(server).catch(() => undefined);
  if (admin === undefined) {
    return undefined;
  }
  await admin.query(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const client = await connect(url.href);
  return {
    url: url.href,
    async tally(table) {
      const { rows } = await client.query(
        `select count(*)::int as records, count(*) filter (where ok)::int as ok from ${table}`,
      );
      return rows[0];
    },
    async dropTable(table) {
      await client.query(`drop table if exists ${table}`);
    },
    async remove() {
      await client.end();
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
    },
  };
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}
