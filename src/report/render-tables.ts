import type { Rows } from '../databases/database.ts';
import type { TableSummary } from '../databases/catalog.ts';
import { alignColumns, formatCount, plural } from './format.ts';
import { printable } from './printable.ts';

/** The tables of a database for a person, each with its columns below it; every line ends in a newline. */
export function renderTables(tables: readonly TableSummary[]): string {
  const lines = tables.flatMap((table) => {
    const columns = table.columns.map(({ name, type }) => [printable(name), printable(type)]);
    return [
      `${printable(table.name)}${rowsOf(table)}`,
      ...alignColumns(columns, '<<').map((line) => `  ${line}`),
    ];
  });
  return lines.map((line) => `${line}\n`).join('');
}

/** The same as rows, one for each column, for programs. */
export function tableRows(tables: readonly TableSummary[]): Rows {
  return {
    columns: ['table', 'rows', 'column', 'type'],
    rows: tables.flatMap((table) =>
      table.columns.map(({ name, type }) => [table.name, table.rows ?? null, name, type]),
    ),
  };
}

function rowsOf({ isView, rows, isEstimate }: TableSummary): string {
  if (rows === undefined) {
    return isView ? ': a view' : '';
  }
  return isEstimate ? `: about ${formatCount(rows)} rows` : `: ${plural(rows, 'row')}`;
}
