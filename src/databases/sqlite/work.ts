import type { DatabaseSync } from 'node:sqlite';
import { StatementError } from '../errors.ts';
import type { Calls, FileSettings } from './calls.ts';
import { openFile } from './connection.ts';
import { Cursor, type Reader } from './cursor.ts';
import { describeTable } from './describe.ts';
import { Writer } from './writing.ts';

/** What a thread does, on one connection that the first call opens. Calls throw what SQLite throws. */
export class Work implements Omit<Calls, 'next'> {
  readonly #settings: FileSettings;
  readonly #cursors = new Map<number, Cursor>();
  #open: { readonly database: DatabaseSync; readonly writer: Writer } | undefined;

  constructor(settings: FileSettings) {
    this.#settings = settings;
  }

  open(): void {
    this.#connection();
  }

  describe(...[table]: Parameters<Calls['describe']>): ReturnType<Calls['describe']> {
    return describeTable(this.#connection().database, table);
  }

  change(...[sql]: Parameters<Calls['change']>): void {
    this.#connection().database.exec(sql);
  }

  write(...values: Parameters<Calls['write']>): void {
    this.#connection().writer.write(...values);
  }

  query(...[number, sql, values, batchSize]: Parameters<Calls['query']>): ReturnType<Calls['query']> {
    const cursor = new Cursor(this.#connection().database, { sql, values, batchSize });
    this.#cursors.set(number, cursor);
    return cursor.columns;
  }

  /** `pause` is called between batches, for whatever else is to be done. */
  next(number: number, reader: Reader, pause: () => void): void {
    const cursor = this.#cursors.get(number);
    if (cursor === undefined) {
      throw new StatementError('the query was not begun');
    }
    cursor.next(reader, pause);
  }

  drop(number: number): void {
    this.#cursors.get(number)?.drop();
    this.#cursors.delete(number);
  }

  close(): void {
    this.#cursors.clear();
    this.#open?.database.close();
    this.#open = undefined;
  }

  #connection() {
    if (this.#open === undefined) {
      const database = openFile(this.#settings);
      this.#open = { database, writer: new Writer(database) };
    }
    return this.#open;
  }
}
