import type { Cell } from '../database.ts';
import { RefusedError } from '../errors.ts';

/**
 * A column of rows on their way to the thread: undefined when it holds nothing, doubles when it holds numbers
 * alone. So a row costs 2 us to hand over, and as a list of its own 4 us.
 */
export type PackedColumn = undefined | Float64Array | readonly Cell[];

/** Rows by their columns. */
export function packColumns(rows: readonly (readonly Cell[])[], width: number): PackedColumn[] {
  return Array.from({ length: width }, (_, at) => packColumn(rows, at));
}

function packColumn(rows: readonly (readonly Cell[])[], at: number): PackedColumn {
  switch (typeof rows[0]?.[at]) {
    case 'number':
    case 'boolean':
      return doubles(rows, at) ?? cells(rows, at);
    case 'string':
      return cells(rows, at);
    default:
      return rows.every((row) => row[at] === null) ? undefined : cells(rows, at);
  }
}

/** Undefined: there is something else than numbers. */
function doubles(rows: readonly (readonly Cell[])[], at: number): Float64Array | undefined {
  const numbers = new Float64Array(rows.length);
  for (let row = 0; row < rows.length; row++) {
    const cell = rows[row]![at];
    if (typeof cell !== 'number' && typeof cell !== 'boolean') {
      return undefined;
    }
    numbers[row] = Number(cell);
  }
  return numbers;
}

function cells(rows: readonly (readonly Cell[])[], at: number): Cell[] {
  return rows.map((row) => row[at] ?? null);
}

/** A value as it is bound. */
export type Bound = string | number | bigint | null;

/**
 * Gives the values of a column as they are bound, row by row. Every number is bound as a real one; a column that
 * has no type of a number, as `isLoose` says, would keep 5 as 5.0, so that whole ones are given as such there.
 * Throws a `RefusedError`.
 */
export function boundValues(column: PackedColumn, isLoose: boolean): (row: number) => Bound {
  if (column === undefined) {
    return () => null;
  }
  return isLoose ? (row) => whole(toBound(column[row] ?? null)) : (row) => toBound(column[row] ?? null);
}

function whole(value: Bound): Bound {
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}

function toBound(cell: Cell): Bound {
  if (typeof cell === 'string' && !cell.isWellFormed()) {
    throw new RefusedError('half of a surrogate pair is no text');
  }
  return typeof cell === 'boolean' ? Number(cell) : cell;
}
