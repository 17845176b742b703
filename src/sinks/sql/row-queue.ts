import { heldBytes } from '../../model/record.ts';
import type { Bytes } from '../../model/units.ts';
import type { RecordRow } from './refusals.ts';

/** A row that waits to be written. */
export interface WaitingRow extends RecordRow {
  /** The same for rows of which one takes the place of the other. */
  readonly key: string;
  /** To be told when it is stored. */
  readonly write: { isStored(): void };
}

/** Rows of one transaction: at most so many, and about so many bytes of bodies. */
const mostBytes: Bytes = 16 * 1024 * 1024;

/** Rows on their way into a table, in their order, in portions of one transaction each. */
export class RowQueue {
  readonly #most: number;
  #waiting: WaitingRow[] = [];
  #bytes: Bytes = 0;
  /** Keys of the rows that are being written. */
  readonly #underWay = new Set<string>();

  /** `most`: rows in a portion. */
  constructor(most: number) {
    this.#most = most;
  }

  /** There is enough for a transaction. */
  get isFull(): boolean {
    return this.#waiting.length >= this.#most || this.#bytes >= mostBytes;
  }

  push(row: WaitingRow): void {
    this.#waiting.push(row);
    this.#bytes += heldBytes(row.record);
  }

  /**
   * The next portion; empty when there is none now. It ends before a row that is to replace one that is
   * being written, which must not come after it.
   */
  take(): readonly WaitingRow[] {
    let count = 0;
    let bytes = 0;
    while (count < this.#waiting.length && count < this.#most && bytes < mostBytes) {
      const row = this.#waiting[count]!;
      if (this.#underWay.has(row.key)) {
        break;
      }
      bytes += heldBytes(row.record);
      count++;
    }
    this.#bytes -= bytes;
    const portion = this.#waiting.splice(0, count);
    for (const { key } of portion) {
      this.#underWay.add(key);
    }
    return portion;
  }

  /** A portion has been written. */
  release(portion: readonly WaitingRow[]): void {
    for (const { key } of portion) {
      this.#underWay.delete(key);
    }
  }
}

/** Of rows with one key the last, which would replace the others anyway. */
export function lastOfEach(rows: readonly WaitingRow[]): readonly WaitingRow[] {
  const byKey = new Map(rows.map((row) => [row.key, row]));
  return byKey.size === rows.length ? rows : [...byKey.values()];
}
