import * as z from 'zod/mini';
import { comma, toField, type Field } from './fields.ts';

/** A column of a table, and the part of a record that goes there. */
export interface ColumnField {
  readonly column: string;
  readonly field: Field;
}

const form = 'must be columns and paths into the record, as in name=body.name,email=body.email';

/** `--to-columns`: as a list or as text with commas. A path alone names its column too. */
export function columnList() {
  return z.pipe(
    z.union([z.string(), z.array(z.string())], { error: form }),
    z.transform((value, context): readonly ColumnField[] => {
      const items = typeof value === 'string' ? value.split(comma) : value;
      const columns = items.map((item) => toColumn(item.trim()));
      const names = columns.flatMap((one) => (typeof one === 'string' ? [] : [one.column]));
      const fault =
        columns.find((one) => typeof one === 'string') ??
        (new Set(names).size < names.length ? 'a column stands there twice' : undefined);
      if (fault !== undefined) {
        context.issues.push({ code: 'custom', message: fault, input: value });
      }
      return columns.filter((one) => typeof one !== 'string');
    }),
  );
}

/** The column, or what is wrong with it. */
function toColumn(item: string): ColumnField | string {
  const [, column, path] = /^([^=]+?)\s*=\s*(.+)$/.exec(item) ?? [undefined, item, item];
  if (column === undefined || path === undefined || item === '') {
    return `${form}, not ${JSON.stringify(item)}`;
  }
  const field = toField(path);
  return typeof field === 'string' ? field : { column, field };
}
