import path from 'node:path';
import { deserialize } from 'node:v8';
import { UsageError } from '../../model/errors.ts';
import type {
  Cell,
  ConnectionFigures,
  Driver,
  DriverSettings,
  Parameter,
  QuerySettings,
  Rows,
  Table,
  TableDescription,
} from '../database.ts';
import { packColumns } from './columns.ts';
import { bindStatement } from './statement.ts';
import { createText } from './table-text.ts';
import { Thread } from './thread.ts';
import { toRow } from './values.ts';

/** Opens `sqlite:FILE`. Throws a `UsageError` for a spec without a file, an `AwayError` or a `StatementError`. */
export async function openSqlite(spec: string, settings: DriverSettings): Promise<Driver> {
  const name = spec.slice('sqlite:'.length);
  if (name === '' || name === ':memory:') {
    throw new UsageError(`${JSON.stringify(spec)} names no file, as in sqlite:results.db`);
  }
  const driver = new SqliteDriver(name, settings);
  try {
    await driver.open();
  } catch (error) {
    await driver.close();
    throw error;
  }
  return driver;
}

/**
 * SQLite, through one connection that writes and one that reads, each on a thread of its own: whatever takes
 * long on one side does not hold up the other.
 */
class SqliteDriver implements Driver {
  readonly name: string;
  /** SQLite writes one transaction at a time; the next one is with the thread when that one ends. */
  readonly writers = 2;
  readonly #isReadOnly: boolean;
  readonly #reader: Thread;
  readonly #writer: Thread;
  #cursors = 0;

  constructor(name: string, { isReadOnly, isSynced }: DriverSettings) {
    this.name = name;
    this.#isReadOnly = isReadOnly;
    const file = path.resolve(name); // so that SQLite takes it for a file, whatever it looks like
    this.#reader = new Thread({ file, isReadOnly: true, isSynced });
    this.#writer = new Thread({ file, isReadOnly: false, isSynced });
  }

  open(): Promise<void> {
    return this.#main.call('open');
  }

  async *query(
    sql: string,
    parameters: readonly Parameter[],
    { batchSize, signal }: QuerySettings,
  ): AsyncGenerator<Rows, void, undefined> {
    const bound = bindStatement(sql, parameters);
    const cursor = this.#cursors++;
    const aborted = abortOf(signal);
    try {
      const begun = this.#reader.call('query', cursor, bound.sql, bound.values, batchSize);
      let next = this.#reader.call('next', cursor);
      next.catch(() => {}); // the first fault is the one that counts
      const columns = await Promise.race([begun, aborted.promise]);
      if (columns === undefined) {
        return;
      }
      const names = columns.map((column) => column.name);
      for (let isLast = false; !isLast;) {
        const batch = await Promise.race([next, aborted.promise]);
        if (batch === undefined) {
          return;
        }
        ({ isLast } = batch);
        if (!isLast) {
          next = this.#reader.call('next', cursor);
          next.catch(() => {}); // it is awaited when the rows are wanted
        }
        const rows = deserialize(batch.rows) as unknown[][];
        yield { columns: names, rows: rows.map((row) => toRow(row, columns)) };
      }
    } finally {
      aborted.release();
      this.#reader.call('drop', cursor).catch(() => {}); // the thread has ended, and the cursor with it
    }
  }

  describe(table: string): Promise<TableDescription | undefined> {
    return this.#main.call('describe', table);
  }

  create(table: Table): Promise<void> {
    return this.#writer.call('change', createText(table));
  }

  upsert(table: Table, rows: readonly (readonly Cell[])[]): Promise<void> {
    return this.#writer.call('write', table, packColumns(rows, table.columns.length), rows.length);
  }

  connections(): ConnectionFigures {
    const most = [this.#reader, this.#writer].filter((thread) => thread.isUsed).length;
    return { most, waits: 0, waitedMs: 0, longestWaitMs: 0 };
  }

  async close(): Promise<void> {
    await this.#reader.abandon();
    await this.#writer.close();
  }

  get #main(): Thread {
    return this.#isReadOnly ? this.#reader : this.#writer;
  }
}

/** Resolves, to undefined, when the signal is aborted. */
function abortOf(signal: AbortSignal | undefined) {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const listener = () => resolve(undefined);
  signal?.addEventListener('abort', listener);
  if (signal?.aborted === true) {
    listener();
  }
  return { promise, release: () => signal?.removeEventListener('abort', listener) };
}
