import type { ColumnType, Table } from '../database.ts';
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
  /** By column: its type is not that of a number. */
  readonly isLoose: readonly boolean[];
}

/** The statements that put rows in, in place of those with the same key. */
export function upsertOf(table: Table): Upsert {
  const rows = Math.max(1, Math.min(mostRows, Math.floor(mostPlaces / table.columns.length)));
  return {
    single: upsertText(table, 1),
    several: upsertText(table, rows),
    rows,
    isLoose: table.columns.map(({ type }) => type === undefined || !numeric.has(type)),
  };
}

/** With more, a row costs no less. */
const mostRows = 20;
/** Of a statement, by default: SQLITE_MAX_VARIABLE_NUMBER. */
const mostPlaces = 32_766;

const numeric: ReadonlySet<ColumnType> = new Set(['integer', 'real', 'boolean']);

function upsertText({ name, columns, key }: Table, rows: number): string {
  const names = columns.map((column) => column.name);
  const sets = names
    .filter((one) => !key.includes(one))
    .map((one) => `${quoted(one)} = excluded.${quoted(one)}`);
  const places = `(${names.map(() => '?').join(', ')})`;
  return [
    `insert into ${quotedTable('sqlite', name)} (${list(names)}) values ${Array(rows).fill(places).join(', ')}`,
    `on conflict (${list(key)}) do ${sets.length === 0 ? 'nothing' : `update set ${sets.join(', ')}`}`,
  ].join(' ');
}

function list(names: readonly string[]): string {
  return names.map(quoted).join(', ');
}
