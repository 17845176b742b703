import type { ColumnType, Table } from '../database.ts';
import { quoted, quotedTable } from './names.ts';

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
  return `create table if not exists ${quotedTable(name)} (${[...lines, `primary key (${list(key)})`].join(', ')})`;
}

/** The statement that puts one row in, in place of one with the same key. */
export function upsertText({ name, columns, key }: Table): string {
  const names = columns.map((column) => column.name);
  const sets = names
    .filter((one) => !key.includes(one))
    .map((one) => `${quoted(one)} = excluded.${quoted(one)}`);
  return [
    `insert into ${quotedTable(name)} (${list(names)}) values (${names.map(() => '?').join(', ')})`,
    `on conflict (${list(key)}) do ${sets.length === 0 ? 'nothing' : `update set ${sets.join(', ')}`}`,
  ].join(' ');
}

function list(names: readonly string[]): string {
  return names.map(quoted).join(', ');
}
