import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { messageOf } from '../../model/errors.ts';
import { StatementError } from '../errors.ts';

/**
 * Bytes that wait their turn, first in first out, in a temporary file of SQLite's that has no name and is gone
 * with the process. As long as there are few, they stay in memory.
 */
export class Spool {
  #file:
    | { readonly database: DatabaseSync; readonly put: StatementSync; readonly take: StatementSync }
    | undefined;
  #first = 0;
  #next = 0;

  get length(): number {
    return this.#next - this.#first;
  }

  /** Throws a `StatementError` when there is no room. */
  put(bytes: Uint8Array): void {
    try {
      this.#file ??= openSpool();
      this.#file.put.run(this.#next++, bytes);
    } catch (error) {
      throw new StatementError(
        `rows that wait cannot be kept in a temporary file (SQLITE_TMPDIR is its folder): ${messageOf(error)}`,
        { cause: error },
      );
    }
  }

  /** Undefined: it is empty. */
  take(): Uint8Array | undefined {
    if (this.#file === undefined || this.length === 0) {
      return undefined;
    }
    const row = this.#file.take.get(this.#first++);
    return row?.['bytes'] as Uint8Array;
  }

  close(): void {
    this.#file?.database.close();
    this.#file = undefined;
    this.#first = this.#next;
  }
}

/** The empty name is that of a temporary file, which needs no journal: nobody reads it after us. */
function openSpool() {
  const database = new DatabaseSync('');
  database.exec('pragma journal_mode = off; create table spool (number integer primary key, bytes blob)');
  return {
    database,
    put: database.prepare('insert into spool values (?, ?)'),
    take: database.prepare('delete from spool where number = ? returning bytes'),
  };
}
