import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Cell } from '../database.ts';
import { RefusedError } from '../errors.ts';

/** Writes rows through one connection. */
export class Writer {
  readonly #database: DatabaseSync;
  /** By their text. */
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /**
   * Runs a statement for each row, all in one transaction. `loose`: the columns that are not numbers by their
   * type. Throws a `RefusedError`, and what SQLite throws.
   */
  write(sql: string, rows: readonly (readonly Cell[])[], loose: readonly number[]): void {
    const database = this.#database;
    const statement = this.#prepare(sql);
    database.exec('begin immediate');
    try {
      for (const row of rows) {
        statement.run(...toBound(row, loose));
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

type Bound = string | number | bigint | null;

/**
 * A row as it is bound. Every number is bound as a real one; a column that has no type of a number would keep
 * 5 as 5.0, so that whole ones are given as such there.
 */
function toBound(row: readonly Cell[], loose: readonly number[]): Bound[] {
  const bound = row.map(toSqlite);
  for (const at of loose) {
    const cell = bound[at];
    if (typeof cell === 'number' && Number.isSafeInteger(cell)) {
      bound[at] = BigInt(cell);
    }
  }
  return bound;
}

function toSqlite(cell: Cell): Bound {
  if (typeof cell === 'boolean') {
    return cell ? 1 : 0;
  }
  if (typeof cell === 'string' && !cell.isWellFormed()) {
    throw new RefusedError('half of a surrogate pair is no text');
  }
  return cell;
}
