import type { Cell, Driver, Table, TableDescription } from '../../../src/databases/database.ts';
import { RefusedError } from '../../../src/databases/errors.ts';
import { Database } from '../../../src/databases/steady.ts';

/** What a driver of a test does. */
export interface FakeSettings {
  readonly writers?: number;
  /** Whether a row is refused, and why. */
  readonly refuses?: (row: readonly Cell[]) => string | undefined;
  /** Awaited in each upsert; may throw. */
  readonly onUpsert?: (rows: readonly (readonly Cell[])[]) => Promise<void> | void;
  readonly description?: TableDescription;
}

/** A database in memory, which notes what it is asked for. */
export function fakeDatabase({ writers = 1, refuses, onUpsert, description }: FakeSettings = {}) {
  /** The rows of each transaction that was tried. */
  const tried: (readonly (readonly Cell[])[])[] = [];
  /** What is stored, by key. */
  const stored = new Map<string, readonly Cell[]>();
  const driver: Driver = {
    name: 'fake.db',
    writers,
    async *query() {},
    describe: () => Promise.resolve(description),
    create: () => Promise.resolve(),
    async upsert(table, rows) {
      tried.push(rows);
      await onUpsert?.(rows);
      const keys = rows.map((row) => keyOf(table, row));
      if (new Set(keys).size < keys.length) {
        throw new Error('two rows have the same key');
      }
      const reason = rows.map((row) => refuses?.(row)).find((one) => one !== undefined);
      if (reason !== undefined) {
        throw new RefusedError(reason);
      }
      rows.forEach((row, at) => stored.set(keys[at]!, row));
    },
    connections: () => ({ most: 1, waits: 0, waitedMs: 0, longestWaitMs: 0 }),
    close: () => Promise.resolve(),
  };
  const backoff = { retryDelay: 1, retryMaxDelay: 1, retryFactor: 1 };
  const database = new Database(driver, { backoff, awayMs: 20, onWarning: () => {} });
  return { database, tried, stored };
}

function keyOf({ columns, key }: Table, row: readonly Cell[]): string {
  return JSON.stringify(key.map((name) => row[columns.findIndex((column) => column.name === name)]));
}
