import type { Rows } from '../../databases/database.ts';

/** Lets the first rows of an answer through, counts them, and tells whether there are more. */
export class FirstRows {
  readonly #most: number;
  #count = 0;
  #hasMore = false;

  constructor(most: number) {
    this.#most = most;
  }

  /** So many came through. */
  get count(): number {
    return this.#count;
  }

  /** There was at least one more. */
  get hasMore(): boolean {
    return this.#hasMore;
  }

  /** Of two columns with one name, as a join gives, the second is `id:1` here: else a form with names would lose one. */
  async *of(batches: AsyncIterable<Rows>): AsyncGenerator<Rows, void> {
    for await (const { columns, rows } of batches) {
      const shown = rows.slice(0, this.#most - this.#count);
      this.#count += shown.length;
      yield { columns: distinct(columns), rows: shown };
      if (shown.length < rows.length) {
        this.#hasMore = true;
        return;
      }
    }
  }
}

function distinct(columns: readonly string[]): string[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    let name = column;
    for (let copy = 1; taken.has(name); copy++) {
      name = `${column}:${copy}`;
    }
    taken.add(name);
    return name;
  });
}
