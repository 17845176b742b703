import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ColumnType, Table } from '../database.ts';
import { boundValues, type Bound, type PackedColumn } from './columns.ts';
import { columnsWithDefault } from './describe.ts';
import { upsertOf } from './table-text.ts';

/** Statements that are ready. */
interface Prepared {
  readonly single: StatementSync;
  readonly several: StatementSync;
  /** That many rows in one. */
  readonly rows: number;
}

/** Writes rows through one connection. */
export class Writer {
  readonly #database: DatabaseSync;
  /** By the table and the columns that have values. */
  readonly #statements = new Map<string, Prepared>();
  /** Columns with a default, by the table's name. */
  readonly #withDefault = new Map<string, ReadonlySet<string>>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Puts so many rows in, all in one transaction. Throws a `RefusedError`, and what SQLite throws. */
  write(table: Table, packed: readonly PackedColumn[], count: number): void {
    const given = this.#givenOf(table, packed);
    const values = given.map((at) => boundValues(packed[at], isLoose(table.columns[at]?.type)));
    const { single, several, rows } = this.#prepared(table, given);
    this.#database.exec('begin immediate');
    try {
      let row = 0;
      for (; row + rows <= count; row += rows) {
        several.run(...bound(values, row, rows));
      }
      for (; row < count; row++) {
        single.run(...bound(values, row, 1));
      }
      this.#database.exec('commit');
    } catch (error) {
      if (this.#database.isTransaction) {
        this.#database.exec('rollback');
      }
      throw error;
    }
  }

  /**
   * The places of the columns that are written. To bind nothing costs as much as to bind something; but nothing
   * has to be bound where a column has a default, which is not null.
   */
  #givenOf({ name, columns, key }: Table, packed: readonly PackedColumn[]): readonly number[] {
    let withDefault = this.#withDefault.get(name);
    if (withDefault === undefined) {
      withDefault = columnsWithDefault(this.#database, name);
      this.#withDefault.set(name, withDefault);
    }
    const needed = new Set([...key, ...withDefault]);
    return columns.flatMap((column, at) => (packed[at] !== undefined || needed.has(column.name) ? [at] : []));
  }

  #prepared(table: Table, given: readonly number[]): Prepared {
    const id = JSON.stringify([table, given]);
    let prepared = this.#statements.get(id);
    if (prepared === undefined) {
      const { single, several, rows } = upsertOf(
        table,
        given.map((at) => table.columns[at]!),
      );
      prepared = { single: this.#prepare(single), several: this.#prepare(several), rows };
      this.#statements.set(id, prepared);
    }
    return prepared;
  }

  #prepare(sql: string): StatementSync {
    const statement = this.#database.prepare(sql);
    statement.setReadBigInts(true); // a row that is numbered by its key may have any number
    return statement;
  }
}

/** It has no type of a number. */
function isLoose(type: ColumnType | undefined): boolean {
  return type === undefined || !numeric.has(type);
}

const numeric: ReadonlySet<ColumnType> = new Set(['integer', 'real', 'boolean']);

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
