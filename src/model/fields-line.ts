import { parseExactJson } from './json/exact-json.ts';
import type { ExtraField, Field } from './options/fields.ts';
import type { LineOf } from './line.ts';
import { valueAt } from './json/path.ts';
import { droppedFields, lineFields, type FetchRecord } from './record.ts';

/**
 * Makes lines that have only these fields, in this order, each under its path as key. What a record
 * does not have is absent, so a line may be `{}`. Any header field can be named, and a JSON body keeps
 * every digit of its numbers; `headers` alone is all of them, or those of `recordLine`.
 */
export function fieldsLine(fields: readonly (Field | ExtraField)[], withAllHeaders: boolean): LineOf {
  const parsed = parseOnce();
  const parts = fields.map((field) => ({
    key: JSON.stringify(field.key),
    isInDropped: droppedFields.has(field.name),
    textIn: readerOf(field, parsed, withAllHeaders),
  }));
  return (record) => {
    const isDropped = record.transformed?.isDropped === true;
    let pairs = '';
    for (const { key, isInDropped, textIn } of parts) {
      const text = isDropped && !isInDropped ? undefined : textIn(record);
      if (text !== undefined) {
        pairs += pairs === '' ? `${key}:${text}` : `,${key}:${text}`;
      }
    }
    return `{${pairs}}\n`;
  };
}

/** What gives a field of a record as JSON, undefined when the record does not have it. */
function readerOf(
  { name, path }: Field | ExtraField,
  parsed: (record: FetchRecord) => unknown,
  withAllHeaders: boolean,
): (record: FetchRecord) => string | undefined {
  if (name === 'body' && path.length === 0) {
    return bodyText;
  }
  if (name === 'extra') {
    return (record) => JSON.stringify(valueAt(record.extra, path));
  }
  if (name === 'result' && path.length === 0) {
    return (record) => record.transformed?.result;
  }
  const part = partOf({ name, path }, parsed, withAllHeaders);
  return (record) => JSON.stringify(part(record));
}

/** What gives the value of a field of a record, undefined when the record does not have it. `parsed` gives bodies. */
export function partOf(
  { name, path }: Pick<Field, 'name' | 'path'>,
  parsed: (record: FetchRecord) => unknown,
  withAllHeaders: boolean,
): (record: FetchRecord) => unknown {
  if (name === 'body') {
    return (record) => valueAt(parsed(record), path);
  }
  const valueIn =
    name === 'headers' && (withAllHeaders || path.length > 0)
      ? (record: FetchRecord) => record.headers
      : lineFields[name];
  return (record) => valueAt(valueIn(record), path);
}

function bodyText(record: FetchRecord): string | undefined {
  return record.content?.form === 'json' ? record.content.text : JSON.stringify(record.body);
}

/** Undefined for a body, which is JSON, that nests too deep to be walked over: nothing stands at any path. */
function valueOf(json: string): unknown {
  try {
    return parseExactJson(json);
  } catch {
    return undefined;
  }
}

/** The value of a body; several fields of one record have it parsed once. */
export function parseOnce(): (record: FetchRecord) => unknown {
  let last: FetchRecord | undefined;
  let value: unknown;
  return (record) => {
    if (record !== last) {
      last = record;
      value = record.content?.form === 'json' ? valueOf(record.content.text) : record.body;
    }
    return value;
  };
}
