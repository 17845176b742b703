import { onTestFinished } from 'vitest';
import type { Cell, Driver, Table } from '../../../src/databases/database.ts';
import type { PatienceSettings } from '../../../src/databases/patience.ts';
import { openPostgres } from '../../../src/databases/postgres/postgres.ts';
import { Database } from '../../../src/databases/steady.ts';

/** A driver that is closed when the test is over. */
export async function openDriver(url: string, pool = 4): Promise<Driver> {
  const driver = await openPostgres(url, { pool, isReadOnly: false, isSynced: false });
  onTestFinished(() => driver.close());
  return driver;
}

/** A database that is waited for, and what is said meanwhile. */
export async function openDatabase(
  url: string,
  settings: Partial<PatienceSettings> & { readonly pool?: number } = {},
): Promise<{ readonly database: Database; readonly warnings: readonly string[] }> {
  const warnings: string[] = [];
  const database = new Database(await openDriver(url, settings.pool), {
    backoff: { retryDelay: 10, retryMaxDelay: 50, retryFactor: 2 },
    awayMs: 15_000,
    onWarning: (message) => warnings.push(message),
    ...settings,
  });
  return { database, warnings };
}

/** A table of documents by id. */
export function documents(name: string): Table {
  return {
    name,
    columns: [
      { name: 'id', type: 'text' },
      { name: 'body', type: 'json' },
    ],
    key: ['id'],
  };
}

/** So many rows of it, of about so many characters each. */
export function documentRows(count: number, size = 10, first = 0): Cell[][] {
  return Array.from({ length: count }, (_, i) => [
    String(first + i),
    JSON.stringify({ n: first + i, text: 'x'.repeat(size) }),
  ]);
}
