import type { ColumnField } from '../../model/options/column-list.ts';
import type { PastPage } from './standing.ts';

/** The columns of a table that tell what was fetched. What is undefined is not in the table. */
export interface PastColumns {
  readonly id: string;
  readonly page: string | undefined;
  readonly url: string | undefined;
  readonly next: string | undefined;
  readonly ok: string | undefined;
  readonly status: string | undefined;
  readonly kind: string | undefined;
  readonly code: string | undefined;
  readonly fetchedAt: string | undefined;
  readonly file: string | undefined;
}

/** Those of the result table. */
export const resultColumns: PastColumns = {
  id: 'id',
  page: 'page',
  url: 'url',
  next: 'next',
  ok: 'ok',
  status: 'status',
  kind: 'error_kind',
  code: 'error_code',
  fetchedAt: 'fetched_at',
  file: 'file',
};

/** Those of a table of the user's own; undefined: none of them is made of the id. */
export function ownColumns(columns: readonly ColumnField[]): PastColumns | undefined {
  const named = (...path: readonly string[]) =>
    columns.find(({ field }) => [field.name, ...field.path].join('\0') === path.join('\0'))?.column;
  const id = named('id');
  return id === undefined
    ? undefined
    : {
        id,
        page: named('page'),
        url: named('url'),
        next: named('next'),
        ok: named('ok'),
        status: named('status'),
        kind: named('error', 'kind'),
        code: named('error', 'code'),
        fetchedAt: named('startedAt'),
        file: named('file'),
      };
}

/** What a query for the past asks for, and how a row of its answer is read. */
export interface PastReader {
  /** In this order. */
  readonly columns: readonly string[];
  /** The task that the row is of. */
  idOf(row: readonly unknown[]): string;
  pageOf(row: readonly unknown[]): PastPage;
}

/** Reads rows that have those of the columns that are there. */
export function pastReader(columns: PastColumns): PastReader {
  const names = [...new Set(Object.values(columns).filter((name: string | undefined) => name !== undefined))];
  const valueIn = (row: readonly unknown[], name: string | undefined) =>
    name === undefined ? undefined : row[names.indexOf(name)];
  const textIn = (row: readonly unknown[], name: string | undefined) => textOf(valueIn(row, name));
  const isFine = (row: readonly unknown[]): boolean => {
    const { ok, status, kind, code } = columns;
    if (ok !== undefined) {
      return isTrue(valueIn(row, ok));
    }
    const hasNoError = textIn(row, kind) === undefined && textIn(row, code) === undefined;
    return hasNoError && (status === undefined || (numberOf(textIn(row, status)) ?? 400) < 400);
  };
  return {
    columns: names,
    idOf: (row) => textIn(row, columns.id) ?? '',
    pageOf: (row) => ({
      page: numberOf(textIn(row, columns.page)) ?? 1,
      url: textIn(row, columns.url),
      next: textIn(row, columns.next),
      ok: isFine(row),
      status: numberOf(textIn(row, columns.status)),
      error: { kind: textIn(row, columns.kind), code: textIn(row, columns.code) },
      fetchedAt: timeOf(textIn(row, columns.fetchedAt)),
    }),
  };
}

/** SQLite knows no truth, but 1 and 0. */
function isTrue(value: unknown): boolean {
  return value === true || value === 1;
}

/** A number keeps every digit. */
function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function timeOf(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
