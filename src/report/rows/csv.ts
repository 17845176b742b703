import type { Rows } from '../../databases/database.ts';
import { printable } from '../printable.ts';
import type { RowScreen } from './row-format.ts';

/**
 * RFC 4180 with the ends of lines of this system: first the names of the columns, then a line for each
 * row. Nothing stands for NULL, and `""` for an empty text; objects and lists are JSON.
 */
export async function* csv(
  batches: AsyncIterable<Rows>,
  { isTerminal }: RowScreen,
): AsyncGenerator<string, void> {
  const lineOf = (cells: readonly unknown[]) => {
    const line = cells.map(cell).join(',');
    return `${isTerminal ? printable(line) : line}\n`;
  };
  let isFirst = true;
  for await (const { columns, rows } of batches) {
    yield (isFirst ? lineOf(columns) : '') + rows.map(lineOf).join('');
    isFirst = false;
  }
}

function cell(value: unknown): string {
  if (value === null) {
    return '';
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
