import { formatCount } from '../format.ts';
import { paint } from '../paint.ts';
import type { TableCell } from './cell.ts';
import { gap } from './layout.ts';
import type { RowScreen } from './row-format.ts';
import { clipText, fitText, widthOf } from './width.ts';

/** A name is cut to this at most: its value has to have room too. */
const longestName = 30;

/** Rows of many columns: each part of a row on a line of its own. `before`: so many rows came before them. */
export function renderSheets(
  names: readonly TableCell[],
  rows: readonly (readonly TableCell[])[],
  before: number,
  screen: RowScreen,
): string {
  const width = Math.min(longestName, Math.max(...names.map(({ text }) => widthOf(text))));
  const labels = names.map(({ text }) => `${fitText(text, width, 'left')}${' '.repeat(gap)}`);
  const left = screen.width - width - gap;
  const sheets = rows.map((row, at) => [
    paint(`row ${formatCount(before + at + 1)}`, 'bold', screen),
    ...row.map(({ text, style }, column) =>
      `${labels[column]!}${paint(clipText(text, left), style, screen)}`.trimEnd(),
    ),
  ]);
  return sheets.map((lines) => lines.map((line) => `${line}\n`).join('')).join('');
}
