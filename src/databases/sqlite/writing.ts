import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { boundValues, type Bound, type PackedColumn } from './columns.ts';
import type { Upsert } from './table-text.ts';

/** Writes rows through one connection. */
export class Writer {
  readonly #database: DatabaseSync;
  /** By their text. */
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Puts so many rows in, all in one transaction. Throws a `RefusedError`, and what SQLite throws. */
  write(upsert: Upsert, columns: readonly PackedColumn[], count: number): void {
    const database = this.#database;
    const values = columns.map((column, at) => boundValues(column, upsert.isLoose[at] === true));
    const several = this.#prepare(upsert.several);
    const single = this.#prepare(upsert.single);
    database.exec('begin immediate');
    try {
      let row = 0;
      for (; row + upsert.rows <= count; row += upsert.rows) {
        several.run(...bound(values, row, upsert.rows));
      }
      for (; row < count; row++) {
        single.run(...bound(values, row, 1));
      }
      database.exec('commit');
    } catch (error) {
      if (database.isTransaction) {
        database.exec('rollback');
      }
      throw error;
    }
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      statement.setReadBigInts(true); // a row that is numbered by its key may have any number
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** The values of some rows, one row after the other. */
function bound(values: readonly ((row: number) => Bound)[], first: number, count: number): Bound[] {
  const all: Bound[] = [];
  for (let row = first; row < first + count; row++) {
    for (const valueIn of values) {
      all.push(valueIn(row));
    }
  }
  return all;
}
