import { isExactNumber } from '../../model/json/exact-json.ts';
import type { Style } from '../paint.ts';
import { printable } from '../printable.ts';

/** A value as it stands in a table. */
export interface TableCell {
  /** On one line, and nothing in it that a terminal would obey. */
  readonly text: string;
  readonly style: Style;
  readonly isNull: boolean;
  readonly isNumber: boolean;
}

/**
 * Objects and lists are JSON. Of a long text no more is taken than can be seen: `most` columns.
 * `nullText` stands for null.
 */
export function tableCell(value: unknown, most: number, nullText: string): TableCell {
  if (value === null) {
    return { text: nullText, style: 'dim', isNull: true, isNumber: false };
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const isNumber = typeof value === 'number' || isExactNumber(value);
  return { text: printable(cut(text, most)), style: 'none', isNull: false, isNumber };
}

/** One character more than is seen, so that it shows that there is more; a character has two units at most. */
function cut(text: string, most: number): string {
  return text.slice(0, 2 * (most + 1));
}
