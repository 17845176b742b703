import type { Column, ColumnType, Table } from '../database.ts';
import { quoted } from '../names.ts';
import { quotedTable } from '../spec.ts';

/**
 * The types that columns are declared with. SQLite goes by their affinity, which is that of a text for JSON and
 * times: `json` or `datetime` alone would make numbers of texts that look like one.
 */
const declared = {
  integer: 'integer',
  real: 'real',
  boolean: 'boolean',
  text: 'text',
  time: 'text',
  json: 'json text',
} as const satisfies Record<ColumnType, string>;

/** The statement that makes a table unless it is there. */
export function createText({ name, columns, key }: Table): string {
  const lines = columns.map((column) =>
    [quoted(column.name), column.type && declared[column.type], column.isRequired === true && 'not null']
      .filter((word) => typeof word === 'string')
      .join(' '),
  );
  return `create table if not exists ${quotedTable('sqlite', name)} (${[...lines, `primary key (${list(key)})`].join(', ')})`;
}

/** How rows are put into a table. */
export interface Upsert {
  /** The statement for one row … */
  readonly single: string;
  /** … and the one for so many, which costs a quarter less a row. */
  readonly several: string;
  readonly rows: number;
}

/**
 * The statements that put rows in, in place of those with the same key. `given`: the columns of which there
 * are values; the others become empty.
 */
export function upsertOf(table: Table, given: readonly Column[]): Upsert {
  const rows = Math.max(1, Math.min(mostRows, Math.floor(mostPlaces / given.length)));
  return { single: upsertText(table, given, 1), several: upsertText(table, given, rows), rows };
}

/** With more, a row costs no less. */
const mostRows = 20;
/** Of a statement, by default: SQLITE_MAX_VARIABLE_NUMBER. */
const mostPlaces = 32_766;

function upsertText({ name, columns, key }: Table, given: readonly Column[], rows: number): string {
  const sets = columns
    .filter((column) => !key.includes(column.name))
    .map((column) => `${quoted(column.name)} = excluded.${quoted(column.name)}`);
  const places = `(${given.map(() => '?').join(', ')})`;
  return [
    `insert into ${quotedTable('sqlite', name)} (${list(given.map((column) => column.name))})`,
    `values ${Array(rows).fill(places).join(', ')}`,
    `on conflict (${list(key)}) do ${sets.length === 0 ? 'nothing' : `update set ${sets.join(', ')}`}`,
  ].join(' ');
}

function list(names: readonly string[]): string {
  return names.map(quoted).join(', ');
}
