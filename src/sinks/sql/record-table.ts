import type { Cell, Column, ColumnType } from '../../databases/database.ts';
import { hasUnstorable } from '../../databases/escapes.ts';
import { bodyJson, isoTime, keptHeaders } from '../../model/line.ts';
import { tenths, type FetchRecord, type Timing, type Transformed } from '../../model/record.ts';
import type { Row, RowForm } from './row-form.ts';
import { jsonOrNull, storable, storableOrNull } from './storable.ts';

/** A column of the table of results: what it holds, and what a record has there. */
interface RecordColumn {
  readonly type: ColumnType;
  readonly isRequired?: true;
  readonly valueIn: (record: FetchRecord, withAllHeaders: boolean) => Cell;
}

/** The columns in their order. Names and meanings are public: they are only ever added to. */
const recordColumns = {
  index: { type: 'integer', isRequired: true, valueIn: ({ index }) => index },
  id: { type: 'text', isRequired: true, valueIn: ({ id }) => storable(id) },
  page: { type: 'integer', isRequired: true, valueIn: ({ page = 1 }) => page },
  url: { type: 'text', isRequired: true, valueIn: ({ url }) => storable(url) },
  final_url: { type: 'text', valueIn: ({ finalUrl }) => storableOrNull(finalUrl) },
  next: { type: 'text', valueIn: ({ next }) => storableOrNull(next) },
  ok: { type: 'boolean', isRequired: true, valueIn: ({ ok }) => ok },
  status: { type: 'integer', valueIn: ({ status = null }) => status },
  http_version: { type: 'text', valueIn: ({ httpVersion = null }) => httpVersion },
  attempts: { type: 'integer', isRequired: true, valueIn: ({ attempts }) => attempts },
  error_kind: { type: 'text', valueIn: ({ error }) => error?.kind ?? null },
  error_code: { type: 'text', valueIn: ({ error }) => error?.code ?? null },
  error_message: { type: 'text', valueIn: ({ error }) => storableOrNull(error?.message) },
  bytes: { type: 'integer', valueIn: ({ bytes = null }) => bytes },
  headers: { type: 'json', valueIn: headersOf },
  body: { type: 'json', valueIn: ({ content }) => (content === undefined ? null : bodyJson(content)) },
  body_encoding: { type: 'text', valueIn: ({ bodyEncoding = null }) => bodyEncoding },
  file: { type: 'text', valueIn: ({ file }) => storableOrNull(file) },
  result: { type: 'json', valueIn: ({ transformed }) => transformed?.result ?? null },
  dropped: { type: 'boolean', valueIn: ({ dropped = null }) => dropped },
  queue_ms: phase('queue'),
  dns_ms: phase('dns'),
  connect_ms: phase('connect'),
  tls_ms: phase('tls'),
  first_byte_ms: phase('firstByte'),
  download_ms: phase('download'),
  earlier_ms: phase('earlier'),
  total_ms: phase('total'),
  fetched_at: { type: 'time', isRequired: true, valueIn: ({ startedAt }) => isoTime(startedAt) },
  meta: { type: 'json', valueIn: ({ meta }) => jsonOrNull(meta) },
  extra: { type: 'json', valueIn: ({ transformed }) => extraOf(transformed) },
} as const satisfies Record<string, RecordColumn>;

/** A column of the table of results. */
export type RecordColumnName = keyof typeof recordColumns;

/** What tells the rows of that table apart. */
export const recordKey = ['id', 'page'] as const satisfies readonly RecordColumnName[];

/** The columns of the table of results, for whoever makes it. */
export const columnsOfRecords: readonly Column[] = Object.entries<RecordColumn>(recordColumns).map(
  ([name, { type, isRequired = false }]) => ({ name, type, isRequired }),
);

/**
 * Records in a table of their own: a row each, that of an earlier run replaced. What a database refuses
 * of a body, of header fields or of `meta` stands there in base64.
 */
export function recordForm(name: string, withAllHeaders: boolean): RowForm {
  return {
    table: { name, columns: columnsOfRecords, key: recordKey },
    rowOf: (record) => values.map((valueIn) => valueIn(record, withAllHeaders)),
    safer(record, row) {
      const suspects = jsonPlaces.filter((at) => isSuspect(row[at]));
      return suspects.length === 0 ? undefined : inBase64(record, row, suspects);
    },
    spares: (record, row) => [inBase64(record, row, [places.body]), inBase64(record, row, jsonPlaces)],
  };
}

const values = Object.values<RecordColumn>(recordColumns).map(({ valueIn }) => valueIn);
const names = Object.keys(recordColumns);
const places = {
  body: names.indexOf('body'),
  bodyEncoding: names.indexOf('body_encoding'),
};
const jsonPlaces = Object.values<RecordColumn>(recordColumns).flatMap(({ type }, at) =>
  type === 'json' ? [at] : [],
);

function isSuspect(cell: Cell | undefined): boolean {
  return typeof cell === 'string' && hasUnstorable(cell);
}

/** The row with what stands at these places in a form that any database takes. */
function inBase64({ content }: FetchRecord, row: Row, at: readonly number[]): Row {
  const safe = [...row];
  for (const place of at) {
    const cell = row[place];
    if (place !== places.body && typeof cell === 'string') {
      safe[place] = JSON.stringify({ 'base64:json': encoded(cell) });
    }
  }
  if (at.includes(places.body) && content !== undefined && content.form !== 'base64') {
    safe[places.body] = `"${encoded(content.text)}"`;
    safe[places.bodyEncoding] = `base64:${content.form}`;
  }
  return safe;
}

function encoded(text: string): string {
  return Buffer.from(text).toString('base64');
}

function headersOf(record: FetchRecord, withAll: boolean): string | null {
  const { headers } = record;
  return (withAll ? headers && JSON.stringify(headers) : keptHeaders(record)) ?? null;
}

/** The fields that transforms have added. */
function extraOf(transformed: Transformed | undefined): string | null {
  return transformed?.extra === undefined ? null : `{${transformed.extra}}`;
}

/** Milliseconds to 0.1, as in the line. */
function phase(name: keyof Timing) {
  return {
    type: 'real',
    valueIn: ({ timing }: FetchRecord) => {
      const ms = timing[name];
      return ms === undefined ? null : tenths(ms) / 10;
    },
  } as const;
}
