import type { Hash } from 'node:crypto';
import { crypto } from '../model/crypto.ts';
import { StatementError } from './errors.ts';

type Row = readonly unknown[];

/**
 * The rows of an answer that were handed on, so that a query that has to be asked again goes on where it was.
 * It keeps their number and a hash of them: the rows that come again have to be the same, in the same order.
 */
export class PassedRows {
  #count = 0;
  #hash = newHash();
  /** Of the rows that have come again, and what they have to be. */
  #again: { count: number; readonly hash: Hash; readonly passed: string } | undefined;

  /** The query is asked again. */
  startOver(): void {
    const passed = this.#count === 0 ? undefined : this.#hash.copy().digest('hex');
    this.#again = passed === undefined ? undefined : { count: 0, hash: newHash(), passed };
  }

  /** Those of the rows that were not handed on yet, and are now. Throws a `StatementError`. */
  fresh(rows: readonly Row[]): readonly Row[] {
    const fresh = this.#again === undefined ? rows : rows.slice(this.#pass(this.#again, rows));
    this.#count += fresh.length;
    add(this.#hash, fresh);
    return fresh;
  }

  /** There are no more rows. Throws a `StatementError` when some were handed on that did not come again. */
  end(): void {
    if (this.#again !== undefined) {
      throw changed();
    }
  }

  /** How many of the rows have come again. */
  #pass(
    again: { count: number; readonly hash: Hash; readonly passed: string },
    rows: readonly Row[],
  ): number {
    const count = Math.min(rows.length, this.#count - again.count);
    add(again.hash, rows.slice(0, count));
    again.count += count;
    if (again.count === this.#count) {
      if (again.hash.digest('hex') !== again.passed) {
        throw changed();
      }
      this.#again = undefined;
    }
    return count;
  }
}

function newHash(): Hash {
  return crypto().createHash('sha1');
}

/** Whatever batches they come in. */
function add(hash: Hash, rows: readonly Row[]): void {
  if (rows.length > 0) {
    hash.update(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }
}

function changed(): StatementError {
  return new StatementError(
    'the connection was lost, and the query now gives other rows or in another order: ' +
      'an ORDER BY over unique columns keeps them',
  );
}
