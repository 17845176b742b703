import { failure, type Failure } from '../../model/failure.ts';

/** A row of the input: values by column. Texts in CSV, any JSON in JSON Lines (`parseExactJson`). */
export type Row = Readonly<Record<string, unknown>>;

/** The columns of a text: a set where all rows have the same, undefined where each has its own. */
export type Columns = ReadonlySet<string> | undefined;

/** The text for a row; a failure when the row lacks a value, or has one that cannot stand there. */
export type Expand = (row: Row) => string | Failure;

/** A text with places for the values of rows. */
export interface RowTemplate {
  /** All columns that it names. */
  readonly columns: readonly string[];
  readonly expand: Expand;
}

/** Joins pieces of a text: as they stand, or made of the row. The first failure is that of the whole. */
export function joined(pieces: readonly (string | Expand)[]): Expand {
  return (row) => {
    let text = '';
    for (const piece of pieces) {
      const part = typeof piece === 'string' ? piece : piece(row);
      if (typeof part !== 'string') {
        return part;
      }
      text += part;
    }
    return text;
  };
}

/** What a row holds in a column; undefined when nothing. Inherited names such as `constructor` are no columns. */
export function valueIn(row: Row, column: string): unknown {
  return Object.hasOwn(row, column) ? row[column] : undefined;
}

/** A value as text, objects and lists as JSON. Undefined for what is no value: null, or none at all. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') {
    return value;
  }
  return value === undefined || value === null ? undefined : JSON.stringify(value);
}

/** The row has no value in a column. */
export function noValue(row: Row, column: string): Failure {
  const name = JSON.stringify(column);
  return invalidRow(Object.hasOwn(row, column) ? `${name} has no value` : `there is no ${name} in the row`);
}

/** Why no task can be made of a row. */
export function invalidRow(message: string): Failure {
  return failure('INVALID_ROW', message);
}
