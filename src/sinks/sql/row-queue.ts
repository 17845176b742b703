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
  readonly #underWay = new Set<readonly WaitingRow[]>();
  /** Of all rows that wait or are being written. Most have a key of their own, which costs a look when they come. */
  readonly #keys = new Set<string>();
  /** How many more there are with that key. */
  readonly #twins = new Map<string, number>();

  /** `most`: rows in a portion. */
  constructor(most: number) {
    this.#most = most;
  }

  /** There is enough for a transaction. */
  get isFull(): boolean {
    return this.#waiting.length >= this.#most || this.#bytes >= mostBytes;
  }

  push(row: WaitingRow): void {
    const { size } = this.#keys;
    this.#keys.add(row.key);
    if (this.#keys.size === size) {
      this.#twins.set(row.key, (this.#twins.get(row.key) ?? 0) + 1);
    }
    this.#waiting.push(row);
    this.#bytes += heldBytes(row.record);
  }

  /**
   * The next portion; empty when there is none now. It ends before a row that is to replace one that is
   * being written, which must not come after it.
   */
  take(): readonly WaitingRow[] {
    const taken = this.#twins.size === 0 ? undefined : this.#keysUnderWay();
    let count = 0;
    let bytes = 0;
    while (count < this.#waiting.length && count < this.#most && bytes < mostBytes) {
      const row = this.#waiting[count]!;
      if (taken?.has(row.key) === true) {
        break;
      }
      bytes += heldBytes(row.record);
      count++;
    }
    this.#bytes -= bytes;
    const portion = this.#waiting.splice(0, count);
    if (count > 0) {
      this.#underWay.add(portion);
    }
    return portion;
  }

  /** Of a portion, what has to be written: of rows with one key the last, which would replace the others anyway. */
  lastOfEach(portion: readonly WaitingRow[]): readonly WaitingRow[] {
    if (this.#twins.size === 0) {
      return portion;
    }
    const byKey = new Map(portion.map((row) => [row.key, row]));
    return byKey.size === portion.length ? portion : [...byKey.values()];
  }

  /** A portion has been written. */
  release(portion: readonly WaitingRow[]): void {
    this.#underWay.delete(portion);
    for (const { key } of portion) {
      const twins = this.#twins.size === 0 ? 0 : (this.#twins.get(key) ?? 0);
      if (twins === 0) {
        this.#keys.delete(key);
      } else if (twins === 1) {
        this.#twins.delete(key);
      } else {
        this.#twins.set(key, twins - 1);
      }
    }
  }

  #keysUnderWay(): ReadonlySet<string> {
    return new Set([...this.#underWay].flatMap((portion) => portion.map(({ key }) => key)));
  }
}
