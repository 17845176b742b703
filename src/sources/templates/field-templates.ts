import type { Failure } from '../../model/failure.ts';
import { fieldValue } from '../../model/field.ts';
import { nameText } from '../../model/name.ts';
import type { FieldParts } from '../../model/request-parts.ts';
import { invalidRow, type Columns, type Row, type RowTemplate } from '../rows/row.ts';
import { columnsIn, splitText, textTemplate } from './text-template.ts';

/** Values of header fields by name, in the case of the first line. */
export type FieldTemplates = ReadonlyMap<string, readonly RowTemplate[]>;

/**
 * The `-H` lines of a name of which one has places: all of them, for the fields of a row take the place
 * of those of all rows.
 */
export function fieldTemplates(header: readonly string[], columns: Columns): FieldTemplates {
  const lines = header.flatMap((line) => {
    const colon = line.indexOf(':');
    return colon === -1 ? [] : [{ name: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() }];
  });
  const byName = Map.groupBy(lines, ({ name }) => name.toLowerCase());
  const templates = new Map<string, readonly RowTemplate[]>();
  for (const same of byName.values()) {
    if (same.some(({ value }) => columnsIn(splitText(value, columns)).length > 0)) {
      templates.set(
        same[0]!.name,
        same.map(({ value }) => textTemplate(value, columns, checkedValue)),
      );
    }
  }
  return templates;
}

/** The fields of a row; no object when there are none, so that all rows share the request. */
export function expandFields(
  templates: FieldTemplates,
  row: Row,
): { readonly headers?: FieldParts; readonly invalid?: Failure } {
  if (templates.size === 0) {
    return {};
  }
  const fields: [name: string, values: readonly string[]][] = [];
  for (const [name, lines] of templates) {
    const values: string[] = [];
    for (const { expand } of lines) {
      const value = expand(row);
      if (typeof value !== 'string') {
        return { invalid: value };
      }
      values.push(value.trim());
    }
    fields.push([name, values]);
  }
  return { headers: Object.fromEntries(fields) };
}

/** A line break would begin another field, or the body. */
function checkedValue(value: string, column: string): string | Failure {
  return fieldValue.test(value)
    ? value
    : invalidRow(
        `${nameText(column)} cannot stand in a header field: it must be of Latin-1 characters without line breaks`,
      );
}
