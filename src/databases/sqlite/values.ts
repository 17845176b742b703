import { asBuffer } from '../../model/as-buffer.ts';
import { parseExactJson } from '../../model/json/exact-json.ts';
import type { QueryColumn } from './calls.ts';

/** What the declared type of a column says of its values that SQLite does not. */
export function meaningOf(declaredType: string | null): QueryColumn['meaning'] {
  if (/^jsonb?\b/i.test(declaredType ?? '')) {
    return 'json';
  }
  return /^bool(?:ean)?$/i.test(declaredType ?? '') ? 'boolean' : undefined;
}

/**
 * A row as it leaves the thread, in place: whole numbers are numbers where those hold them, bytes are base64,
 * and infinity, which JSON does not have, is a text.
 */
export function toPacked(row: unknown[]): unknown[] {
  for (let at = 0; at < row.length; at++) {
    const value = row[at];
    if (typeof value === 'bigint') {
      const number = Number(value);
      row[at] = Number.isSafeInteger(number) ? number : value;
    } else if (typeof value === 'number' && !Number.isFinite(value)) {
      row[at] = String(value);
    } else if (value instanceof Uint8Array) {
      row[at] = asBuffer(value).toString('base64');
    }
  }
  return row;
}

/** A row as it is read, in place: the values of JSON, of which no number has lost a digit. */
export function toRow(row: unknown[], columns: readonly QueryColumn[]): readonly unknown[] {
  for (let at = 0; at < row.length; at++) {
    const value = row[at];
    const meaning = columns[at]?.meaning;
    if (typeof value === 'bigint') {
      row[at] = JSON.rawJSON(String(value));
    } else if (meaning === 'json' && typeof value === 'string') {
      row[at] = toJson(value);
    } else if (meaning === 'boolean' && (value === 0 || value === 1)) {
      row[at] = value === 1;
    }
  }
  return row;
}

/** Nothing makes sure that there is JSON in a column that is said to hold it. */
function toJson(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return text;
  }
}
