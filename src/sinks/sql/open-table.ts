import type { TableDescription } from '../../databases/database.ts';
import { AwayError, RefusedError, StatementError } from '../../databases/errors.ts';
import type { Database, Databases } from '../../databases/index.ts';
import { shownSpec } from '../../databases/spec.ts';
import { DatabaseAwayError, SinkError, UsageError } from '../../model/errors.ts';
import type { ColumnField } from '../../model/options/column-list.ts';
import { columnsOfRecords, recordForm, recordKey } from './record-table.ts';
import type { Destination } from './destination.ts';
import { ownForm } from './own-form.ts';
import type { RowForm } from './row-form.ts';

/** A table that is there and has what is needed. */
export interface OpenTable {
  /** Whoever opens the table closes it. */
  readonly database: Database;
  /** Of the database, as it was opened. */
  readonly spec: string;
  readonly form: RowForm;
}

/** How records stand in tables. */
export interface TableSettings {
  /** Those of the run. */
  readonly databases: Databases;
  /** A table of the user's own: its columns. Absent: the table of results. */
  readonly columns?: readonly ColumnField[] | undefined;
  /** Every header field of the answers, and not only those of the line. */
  readonly withAllHeaders: boolean;
}

/**
 * Connects, and makes the table of results unless it is there. Throws a `SinkError` when the database cannot
 * be reached, and a `UsageError` for a table that records cannot go to.
 */
export async function openTable(destination: Destination, settings: TableSettings): Promise<OpenTable> {
  const { spec } = destination;
  const database = await opening(spec, () => settings.databases.open(spec, { isReadOnly: false }));
  try {
    return { database, spec, form: await opening(spec, () => formIn(database, destination, settings)) };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function formIn(
  database: Database,
  { table }: Destination,
  { columns, withAllHeaders }: TableSettings,
): Promise<RowForm> {
  const description = await database.describe(table);
  if (columns !== undefined) {
    const key = keyOfOwn(place(database, table), description, columns);
    const named = columns.map(({ column }) => ({ name: column, type: undefined }));
    return ownForm({ name: table, columns: named, key }, columns, withAllHeaders);
  }
  const form = recordForm(table, withAllHeaders);
  if (description === undefined) {
    await database.create(form.table);
  } else {
    checkResults(place(database, table), description);
  }
  return form;
}

/** A table of another making may have the name. */
function checkResults(where: string, { columns, generated, keys }: TableDescription): void {
  const names = columnsOfRecords.map(({ name }) => name);
  const missing = names.filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    throw new UsageError(
      `--to: ${where} is there, but is no table of results: it has no column ${missing.join(', ')} (give another name with --to-table, or its columns with --to-columns)`,
    );
  }
  checkWritable('--to', where, names, generated);
  if (!keys.some((key) => isWithin(key, recordKey) && key.length === recordKey.length)) {
    throw new UsageError(
      `--to: ${where} has no primary key or unique index of ${recordKey.join(', ')}: running again would write rows twice`,
    );
  }
}

/** The columns by which rows of the user's table are told apart. */
function keyOfOwn(
  where: string,
  description: TableDescription | undefined,
  columns: readonly ColumnField[],
): readonly string[] {
  if (description === undefined) {
    throw new UsageError(
      `--to-columns: there is no ${where}, and it is not made: its types are yours to choose`,
    );
  }
  const names = columns.map(({ column }) => column);
  const missing = names.filter((name) => !description.columns.includes(name));
  if (missing.length > 0) {
    throw new UsageError(
      `--to-columns: ${where} has no column ${missing.join(', ')}: it has ${description.columns.join(', ')}`,
    );
  }
  checkWritable('--to-columns', where, names, description.generated);
  const key = description.keys.find((one) => isWithin(one, names));
  if (key === undefined) {
    const known = description.keys.map((one) => `(${one.join(', ')})`).join(', ');
    throw new UsageError(
      `--to-columns: ${where} needs a primary key or unique index of columns that are named, else running again would write rows twice; ${known === '' ? 'it has none' : `it has ${known}`}`,
    );
  }
  return key;
}

function checkWritable(
  flag: string,
  where: string,
  names: readonly string[],
  generated: readonly string[],
): void {
  const computed = names.find((name) => generated.includes(name));
  if (computed !== undefined) {
    throw new UsageError(`${flag}: ${computed} of ${where} is generated: it cannot be written`);
  }
}

function isWithin(some: readonly string[], all: readonly string[]): boolean {
  return some.every((one) => all.includes(one));
}

/** Where rows go, for messages: `table results of results.db`. */
export function place(database: Pick<Database, 'name'>, table: string): string {
  return `table ${table} of ${database.name}`;
}

/**
 * What to throw in the middle of a run: a statement or value that the database does not take means that records
 * cannot be kept. Other errors stay what they are. `what`: `read table results of results.db`.
 */
export function sinkFault(error: unknown, what: string, rest = ''): unknown {
  return error instanceof StatementError || error instanceof RefusedError
    ? new SinkError(`cannot ${what}: ${error.message}${rest}`, { cause: error })
    : error;
}

/** What a database throws before there is a run: nothing is lost, and nothing is waited for. */
async function opening<T>(spec: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const isOfDatabase = [AwayError, RefusedError, StatementError].some((one) => error instanceof one);
    if (isOfDatabase && error instanceof Error) {
      throw new SinkError(`cannot write to ${shownSpec(spec)}: ${error.message}`, { cause: error });
    }
    if (error instanceof DatabaseAwayError) {
      throw new SinkError(`cannot write to ${error.message}`, { cause: error });
    }
    throw error instanceof UsageError && !error.message.startsWith('--')
      ? new UsageError(`--to: ${error.message}`, { cause: error })
      : error;
  }
}
