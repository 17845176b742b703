import type { Milliseconds } from '../model/units.ts';

/**
 * A value as it is written. What stands in a JSON column is JSON text, in a time column ISO 8601, so that
 * every database takes the same.
 */
export type Cell = string | number | bigint | boolean | null;

/** A value that a statement is given; a list is one parameter (`= any($1)`; in SQLite a JSON text for `json_each(?1)`). */
export type Parameter = Cell | readonly string[];

/**
 * Some rows of an answer. Values are those of JSON as `parseExactJson` gives them: whole numbers keep every
 * digit, JSON columns hold their value, times are ISO 8601, bytes base64.
 */
export interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** What a column holds; each database has its own name for it. */
export type ColumnType = 'integer' | 'real' | 'boolean' | 'text' | 'time' | 'json';

/** A table that is written. */
export interface Table {
  /** As the user wrote it: `results`, or `reports.results` with its schema. */
  readonly name: string;
  readonly columns: readonly Column[];
  /** The columns that tell rows apart: a row with the same values there is replaced. */
  readonly key: readonly string[];
}

/** A column that is written. */
export interface Column {
  readonly name: string;
  /** Undefined for a column of the user's own, into which the database converts what is given as text. */
  readonly type: ColumnType | undefined;
  readonly isRequired?: boolean;
}

/** What is known of a table that is there. */
export interface TableDescription {
  readonly columns: readonly string[];
  /** Those that the database computes: they take no value. */
  readonly generated: readonly string[];
  /** The columns of its primary key and of each unique index that holds for all rows. */
  readonly keys: readonly (readonly string[])[];
}

/** How a query is read. */
export interface QuerySettings {
  /** Rows in a batch, at most. */
  readonly batchSize: number;
  /** Aborted: nobody reads on. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * What is particular to a kind of database. Everything is tried once, and may be called while other calls
 * are under way. Calls throw an `AwayError` when it may go well later, a `RefusedError` for a value that
 * cannot be stored, and a `StatementError` for what will never go well.
 */
export interface Driver {
  /** For people, with no password in it: `results.db`, `postgres://ann@db.example.com/app`. */
  readonly name: string;
  /** How many upserts at once make sense. */
  readonly writers: number;
  /** The answer to a query, which changes nothing, by a cursor: it costs no memory. The first batch may be empty. */
  query(
    sql: string,
    parameters: readonly Parameter[],
    settings: QuerySettings,
  ): AsyncGenerator<Rows, void, undefined>;
  /** Undefined: there is no such table. */
  describe(table: string): Promise<TableDescription | undefined>;
  /** Makes the table unless it is there. */
  create(table: Table): Promise<void>;
  /** Puts rows in, all or none, in place of those with the same key. No two of them have the same. */
  upsert(table: Table, rows: readonly (readonly Cell[])[]): Promise<void>;
  /** How its connections were used so far. */
  connections(): ConnectionFigures;
  close(): Promise<void>;
}

/** How connections were used. */
export interface ConnectionFigures {
  /** Open at the same time, at most. */
  readonly most: number;
  /** How often one had to be waited for … */
  readonly waits: number;
  /** … for how long in all … */
  readonly waitedMs: Milliseconds;
  /** … and at the longest. */
  readonly longestWaitMs: Milliseconds;
}

/** How a database is opened. */
export interface DriverSettings {
  /** Connections open at the same time, at most: `--db-pool`. */
  readonly pool: number;
  /** Nothing is written; a file must be there. */
  readonly isReadOnly: boolean;
  /** What was committed survives the death of the machine, not of the process alone. */
  readonly isSynced: boolean;
}
