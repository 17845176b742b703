import type { TableCell } from './cell.ts';
import type { ColumnNeed } from './layout.ts';
import { widthOf } from './width.ts';

/** What a column has shown so far. */
interface Seen {
  width: number;
  hasNumber: boolean;
  hasText: boolean;
}

/** Learns from rows what columns need: those that have been shown, and those that follow. */
export class Needs {
  readonly #seen: readonly Seen[];

  constructor(names: readonly TableCell[]) {
    this.#seen = names.map(({ text }) => ({ width: widthOf(text), hasNumber: false, hasText: false }));
  }

  /** Adds a row. */
  add(row: readonly TableCell[]): void {
    for (const [at, seen] of this.#seen.entries()) {
      const cell = row[at];
      if (cell !== undefined) {
        seen.width = Math.max(seen.width, widthOf(cell.text));
        seen.hasNumber ||= cell.isNumber;
        seen.hasText ||= !cell.isNumber && !cell.isNull;
      }
    }
  }

  /** Of each column. One of nothing but null is none of numbers. */
  columns(): ColumnNeed[] {
    return this.#seen.map(({ width, hasNumber, hasText }) => ({ width, isNumber: hasNumber && !hasText }));
  }
}
