import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { serialize } from 'node:v8';
import type { Cell } from '../database.ts';
import { StatementError } from '../errors.ts';
import type { QueryColumn, ReadBatch } from './calls.ts';
import { Spool } from './spool.ts';
import { meaningOf, toPacked } from './values.ts';

/** What a cursor reads. */
export interface CursorQuery {
  readonly sql: string;
  readonly values: Readonly<Record<string, Cell>>;
  /** Rows in a batch. */
  readonly batchSize: number;
}

/** What becomes of a request for rows, at once or when they are there. */
export interface Reader {
  take(batch: ReadBatch): void;
  fail(error: unknown): void;
}

/**
 * The answer to one query. It is read to its end without a pause, however slowly the rows are taken, so that
 * the file is soon free again for who writes: rows that nobody has asked for yet wait in a temporary file.
 */
export class Cursor {
  readonly columns: readonly QueryColumn[];
  readonly #database: DatabaseSync;
  readonly #statement: StatementSync;
  readonly #query: CursorQuery;
  readonly #spool = new Spool();
  /** Have asked for rows that are not there yet. */
  readonly #readers: Reader[] = [];
  #isBegun = false;
  #isRead = false;
  #isDropped = false;
  #fault: { readonly error: unknown } | undefined;

  /** Prepares the query. Throws a `StatementError` for a statement that gives no rows, and what SQLite throws. */
  constructor(database: DatabaseSync, query: CursorQuery) {
    this.#database = database;
    this.#query = query;
    this.#statement = database.prepare(query.sql);
    this.#statement.setReturnArrays(true);
    this.#statement.setReadBigInts(true);
    this.columns = this.#statement.columns().map(({ name, type }) => ({ name, meaning: meaningOf(type) }));
    if (this.columns.length === 0) {
      throw new StatementError('it is no query');
    }
  }

  /**
   * Gives the next rows to the reader. The first call reads the whole answer; `pause` is called between
   * batches, for whatever else is to be done.
   */
  next(reader: Reader, pause: () => void): void {
    this.#readers.push(reader);
    if (!this.#isBegun) {
      this.#isBegun = true;
      this.#read(pause);
    }
    this.#serve();
  }

  /** Nobody reads on. */
  drop(): void {
    this.#isDropped = true;
    this.#spool.close();
  }

  #read(pause: () => void): void {
    const isOutermost = !this.#database.isTransaction; // else it is read in a pause of another one
    let last: unknown[][] = [];
    try {
      if (isOutermost) {
        this.#database.exec('begin');
      }
      last = this.#readBatches(pause);
    } catch (error) {
      this.#fault = { error };
    } finally {
      if (isOutermost && this.#database.isTransaction) {
        this.#database.exec('rollback'); // nothing was changed; who has the last rows finds no lock
      }
    }
    this.#isRead = true;
    if (this.#fault === undefined && !this.#isDropped) {
      this.#add(last);
    }
  }

  /** Returns the rows of the last batch. */
  #readBatches(pause: () => void): unknown[][] {
    const { values, batchSize } = this.#query;
    let rows: unknown[][] = [];
    for (const row of this.#statement.iterate(values as Record<string, SQLInputValue>)) {
      rows.push(toPacked(row as unknown as unknown[]));
      if (rows.length === batchSize) {
        this.#add(rows);
        rows = [];
        pause();
        if (this.#isDropped) {
          break;
        }
      }
    }
    return rows;
  }

  #add(rows: readonly unknown[][]): void {
    const bytes = serialize(rows);
    const reader = this.#spool.length === 0 ? this.#readers.shift() : undefined;
    if (reader === undefined) {
      this.#spool.put(bytes);
    } else {
      reader.take({ rows: bytes, isLast: this.#isRead });
    }
  }

  #serve(): void {
    while (this.#readers.length > 0 && (this.#spool.length > 0 || this.#isRead)) {
      const reader = this.#readers.shift();
      const rows = this.#spool.take();
      if (rows === undefined && this.#fault !== undefined) {
        reader?.fail(this.#fault.error);
      } else {
        const isLast = this.#isRead && this.#fault === undefined && this.#spool.length === 0;
        reader?.take({ rows: rows ?? serialize([]), isLast });
      }
    }
  }
}
