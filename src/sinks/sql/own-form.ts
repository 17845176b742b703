import type { Cell, Table } from '../../databases/database.ts';
import { parseOnce, partOf } from '../../model/fields-line.ts';
import { isExactNumber } from '../../model/json/exact-json.ts';
import type { ColumnField } from '../../model/options/column-list.ts';
import type { Field } from '../../model/options/fields.ts';
import type { FetchRecord, LineField } from '../../model/record.ts';
import type { RowForm } from './row-form.ts';
import { jsonOrNull, storable } from './storable.ts';

/**
 * Parts of records in a table of the user's own. Those of tasks that failed have no row, for it would
 * empty the columns of an earlier one, unless a column tells of failures; nor have those that transforms drop.
 */
export function ownForm(table: Table, columns: readonly ColumnField[], withAllHeaders: boolean): RowForm {
  const parsed = parseOnce();
  const readers = columns.map(({ field }) => readerOf(field, parsed, withAllHeaders));
  const takesFailures = tellsOfFailures(columns);
  return {
    table,
    rowOf: (record) =>
      record.dropped === undefined && (record.ok || takesFailures)
        ? readers.map((valueIn) => cellOf(valueIn(record)))
        : undefined,
    safer: () => undefined,
    spares: () => [],
  };
}

/** Whether a column is made of what tells that a task has failed. */
export function tellsOfFailures(columns: readonly ColumnField[]): boolean {
  return columns.some(({ field }) => ofFailures.has(field.name));
}

/** The fields of a record that tell whether its task went well. */
const ofFailures: ReadonlySet<LineField> = new Set(['ok', 'status', 'attempts', 'error']);

function readerOf(
  field: Field,
  parsed: (record: FetchRecord) => unknown,
  withAllHeaders: boolean,
): (record: FetchRecord) => unknown {
  return field.name === 'body' && field.path.length === 0
    ? (record) => jsonOf(record) ?? parsed(record)
    : partOf(field, parsed, withAllHeaders);
}

/** The text of a body that is an object or array: it is not parsed in vain, and stays as it came. */
function jsonOf({ content }: FetchRecord): string | undefined {
  return content?.form === 'json' && /^\s*[{[]/.test(content.text) ? content.text : undefined;
}

/** A value of JSON as it is written: what is neither text, number nor truth is JSON text. */
function cellOf(value: unknown): Cell {
  switch (typeof value) {
    case 'undefined':
      return null;
    case 'string':
      return storable(value);
    case 'number':
    case 'boolean':
      return value;
    default:
      return value === null
        ? null
        : isExactNumber(value)
          ? numberOf(JSON.stringify(value))
          : jsonOrNull(value);
  }
}

/** With all its digits: a number of 64 bits as such, others as text that the database understands. */
function numberOf(text: string): Cell {
  const isWhole = /^-?\d{1,19}$/.test(text);
  const number = isWhole ? BigInt(text) : undefined;
  return number !== undefined && BigInt.asIntN(64, number) === number ? number : text;
}
