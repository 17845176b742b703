import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, it } from 'vitest';

/** The server that tests use: PostgreSQL, whose user may make databases. */
const serverUrl = process.env['BULKFETCH_TEST_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** A database of a test file's own. */
export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  /** The rows of a statement. */
  sql(text: string, parameters?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  /** Ends the connections to it, as an administrator does; how many there were. */
  terminate(): Promise<number>;
}

/**
 * A `describe` of tests that need PostgreSQL, in a database of their own, which is there while they run.
 * Without a server they are skipped; with CI=true they fail.
 */
export function describePostgres(name: string, tests: (database: TestDatabase) => void): void {
  if (isThere) {
    describe(name, () => tests(ownDatabase()));
  } else if (process.env['CI'] === 'true') {
    it(name, () => {
      throw new Error(`no PostgreSQL server answers; BULKFETCH_TEST_POSTGRES says where one is`);
    });
  } else {
    describe.skip(`${name} (no PostgreSQL server answers; BULKFETCH_TEST_POSTGRES says where one is)`, () =>
      tests(ownDatabase()));
  }
}

const isThere = await new Client({ connectionString: serverUrl, connectionTimeoutMillis: 5000 })
  .connect()
  .then(async (client) => {
    await client.end();
    return true;
  })
  .catch(() => false);

function ownDatabase(): TestDatabase {
  const name = `bulkfetch_test_${randomBytes(6).toString('hex')}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  url.port ||= '5432';
  let client: Client | undefined;

  beforeAll(async () => {
    // Not template1, which another may be connected to.
    await once(serverUrl, `create database ${name} template template0 encoding 'UTF8'`);
    client = new Client({ connectionString: url.href });
    await client.connect();
  });
  afterAll(async () => {
    await client?.end();
    await once(serverUrl, `drop database if exists ${name} with (force)`);
  });

  const sql: TestDatabase['sql'] = async (text, parameters = []) => {
    const result = await client?.query(text, [...parameters]);
    return (result?.rows ?? []) as Record<string, unknown>[];
  };
  const terminate = async () => (await sql(terminateAll)).length;
  return { url: url.href, name, sql, terminate };
}

const terminateAll = `
  select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`;

async function once(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
