import type { Rows } from '../../databases/database.ts';
import { paint } from '../paint.ts';
import { tableCell, type TableCell } from './cell.ts';
import { chunksOf, type TableRows } from './chunks.ts';
import { gap, layOut, type ColumnNeed } from './layout.ts';
import { Needs } from './needs.ts';
import type { RowScreen } from './row-format.ts';
import { renderSheets } from './sheets.ts';
import { fitText } from './width.ts';

/**
 * Columns one beside the other, as wide as the screen at most; where there are too many for it, the parts
 * of a row stand one below the other. Numbers are to the right. Null is dim where there are colours, and
 * otherwise nothing. Rows are laid out as they come, some hundreds together.
 */
export async function* table(batches: AsyncIterable<Rows>, screen: RowScreen): AsyncGenerator<string, void> {
  let needs: Needs | undefined;
  let isWide = false;
  let before = 0;
  for await (const { names, rows } of chunksOf(cellsOf(batches, screen))) {
    const isFirst = needs === undefined;
    needs ??= new Needs(names);
    rows.forEach((row) => needs?.add(row));
    const columns = toColumns(needs.columns(), screen);
    isWide ||= columns === undefined; // what has begun in sheets goes on so
    if (columns === undefined || isWide) {
      yield renderSheets(names, rows, before, screen);
    } else {
      const lines = rows.map((row) => line(row, columns, screen));
      yield [...(isFirst ? head(names, columns, screen) : []), ...lines].map((text) => `${text}\n`).join('');
    }
    before += rows.length;
  }
}

async function* cellsOf(batches: AsyncIterable<Rows>, screen: RowScreen): AsyncGenerator<TableRows, void> {
  const cellOf = (value: unknown) => tableCell(value, screen.width, screen.color ? 'null' : '');
  const nameOf = (name: string): TableCell => ({ ...cellOf(name), style: 'bold' });
  for await (const { columns, rows } of batches) {
    yield { names: columns.map(nameOf), rows: rows.map((row) => row.map(cellOf)) };
  }
}

/** A column as it is laid out. */
interface Column extends ColumnNeed {
  readonly shown: number;
}

function toColumns(needs: readonly ColumnNeed[], screen: RowScreen): Column[] | undefined {
  return layOut(needs, screen.width)?.map((shown, at) => ({ ...needs[at]!, shown }));
}

function head(names: readonly TableCell[], columns: readonly Column[], screen: RowScreen): string[] {
  const rule = columns.map(({ shown }) => '─'.repeat(shown)).join(' '.repeat(gap));
  return [line(names, columns, screen), paint(rule, 'dim', screen)];
}

function line(cells: readonly TableCell[], columns: readonly Column[], screen: RowScreen): string {
  return cells
    .map((cell, at) => {
      const { shown, isNumber } = columns[at]!;
      return paint(fitText(cell.text, shown, isNumber ? 'right' : 'left'), cell.style, screen);
    })
    .join(' '.repeat(gap))
    .trimEnd();
}
