import type { Cell, Table } from '../../databases/database.ts';
import { parseOnce } from '../../model/fields-line.ts';
import { isExactNumber } from '../../model/json/exact-json.ts';
import { valueAt } from '../../model/json/path.ts';
import type { ColumnField } from '../../model/options/column-list.ts';
import type { Field } from '../../model/options/fields.ts';
import { lineFields, type FetchRecord, type LineField } from '../../model/record.ts';
import type { RowForm } from './row-form.ts';
import { storable } from './storable.ts';

/**
 * Parts of records in a table of the user's own. Those of tasks that failed have no row, for it would
 * empty the columns of an earlier one, unless a column tells of failures; nor have those that transforms drop.
 */
export function ownForm(table: Table, columns: readonly ColumnField[], withAllHeaders: boolean): RowForm {
  const parsed = parseOnce();
  const readers = columns.map(({ field }) => readerOf(field, parsed, withAllHeaders));
  const takesFailures = columns.some(({ field }) => ofFailures.has(field.name));
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

/** The fields of a record that tell whether its task went well. */
const ofFailures: ReadonlySet<LineField> = new Set(['ok', 'status', 'attempts', 'error']);

function readerOf(
  { name, path }: Field,
  parsed: (record: FetchRecord) => unknown,
  withAllHeaders: boolean,
): (record: FetchRecord) => unknown {
  if (name === 'body') {
    return path.length === 0
      ? (record) => jsonOf(record) ?? parsed(record)
      : (record) => valueAt(parsed(record), path);
  }
  const valueIn =
    name === 'headers' && (withAllHeaders || path.length > 0)
      ? (record: FetchRecord) => record.headers
      : lineFields[name];
  return (record) => valueAt(valueIn(record), path);
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
      return value === null ? null : isExactNumber(value) ? numberOf(JSON.stringify(value)) : textOf(value);
  }
}

/** With all its digits: a number of 64 bits as such, others as text that the database understands. */
function numberOf(text: string): Cell {
  const isWhole = /^-?\d{1,19}$/.test(text);
  const number = isWhole ? BigInt(text) : undefined;
  return number !== undefined && BigInt.asIntN(64, number) === number ? number : text;
}

/** Null for what JSON has no form for, such as a function in `meta`. */
function textOf(value: unknown): string | null {
  const text: string | undefined = JSON.stringify(value);
  return text ?? null;
}
