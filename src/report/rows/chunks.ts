import type { TableCell } from './cell.ts';

/** Rows that are laid out together: seldom is one after them wider. */
const mostRows = 1_000;

/** And not more characters than these, for rows may hold bodies of megabytes. */
const mostCharacters = 4 << 20;

/** Some rows of a table, and the names of its columns. */
export interface TableRows {
  readonly names: readonly TableCell[];
  readonly rows: readonly (readonly TableCell[])[];
}

/** The same rows in batches that are large enough to tell how wide their columns are; at least one, if there is any. */
export async function* chunksOf(batches: AsyncIterable<TableRows>): AsyncGenerator<TableRows, void> {
  let names: readonly TableCell[] | undefined;
  let rows: (readonly TableCell[])[] = [];
  let characters = 0;
  let hasGiven = false;
  for await (const batch of batches) {
    ({ names } = batch);
    for (const row of batch.rows) {
      rows.push(row);
      characters += row.reduce((sum, { text }) => sum + text.length, 0);
      if (rows.length >= mostRows || characters >= mostCharacters) {
        yield { names, rows };
        hasGiven = true;
        rows = [];
        characters = 0;
      }
    }
  }
  if (names !== undefined && (rows.length > 0 || !hasGiven)) {
    yield { names, rows };
  }
}
