import type { Cell, Table, TableDescription } from '../database.ts';
import type { PackedColumn } from './columns.ts';
import type { Fault } from './faults.ts';

/** How a thread opens the file. */
export interface FileSettings {
  /** Absolute. */
  readonly file: string;
  readonly isReadOnly: boolean;
  readonly isSynced: boolean;
}

/** What a thread can be asked to do. */
export interface Calls {
  /** Opens the file, which every other call does too. */
  open(): void;
  /** Undefined: there is no such table. */
  describe(table: string): TableDescription | undefined;
  /** Runs a statement that changes the schema. */
  change(sql: string): void;
  /** Puts so many rows in, all in one transaction. */
  write(table: Table, columns: readonly PackedColumn[], count: number): void;
  /** Prepares a query, under a number that the caller chooses. */
  query(
    cursor: number,
    sql: string,
    values: Readonly<Record<string, Cell>>,
    batchSize: number,
  ): readonly QueryColumn[];
  /** The next rows of a query: a `ReadBatch`. */
  next(cursor: number): ReadBatch;
  /** Nobody reads on. */
  drop(cursor: number): void;
  /** Closes the file and ends the thread. */
  close(): void;
}

/** A column of an answer. */
export interface QueryColumn {
  readonly name: string;
  /** What its values mean where the column of the table says more than SQLite: JSON, or true and false. */
  readonly meaning: 'json' | 'boolean' | undefined;
}

/** Some rows of an answer, packed by `node:v8`: a list of lists of values, whole numbers beyond 2^53 as bigint. */
export interface ReadBatch {
  readonly rows: Uint8Array;
  readonly isLast: boolean;
}

/** A call on its way to the thread. */
export interface CallMessage {
  readonly call: number;
  readonly name: keyof Calls;
  readonly values: readonly unknown[];
}

/** What comes back. */
export interface AnswerMessage {
  readonly call: number;
  readonly answer?: unknown;
  readonly fault?: Fault;
}
