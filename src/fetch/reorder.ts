import type { FetchRecord } from '../model/record.ts';
import type { Bytes } from '../model/units.ts';
import { Fifo } from './fifo.ts';

/** What may wait for an earlier record. Beyond it only the task that is waited for may start. */
const mostBytes: Bytes = 64 * 1024 * 1024;

type Release = (record: FetchRecord, bytes: Bytes) => void;

/** What is there of a task whose turn has not come. */
interface Held {
  readonly records: { readonly record: FetchRecord; readonly bytes: Bytes }[];
  /** The last of them is the task's last. */
  isWhole: boolean;
}

/**
 * Holds records back until all tasks before theirs, in the order of reading, have ended. Those of the
 * task whose turn it is go at once, however many pages it has.
 */
export class Reorder {
  readonly #release: Release;
  readonly #order = new Fifo<number>();
  readonly #held = new Map<number, Held>();
  #bytes: Bytes = 0;

  constructor(release: Release) {
    this.#release = release;
  }

  /** The index of the task whose records are to go next. */
  get awaited(): number | undefined {
    return this.#order.peek();
  }

  /** Tasks read whose last records have not gone yet. */
  get span(): number {
    return this.#order.length;
  }

  get isFull(): boolean {
    return this.#bytes >= mostBytes;
  }

  /** A task with this index has been read. */
  expect(index: number): void {
    this.#order.push(index);
  }

  /** A record of a task; `isLast`: no further one comes of it. */
  add(record: FetchRecord, bytes: Bytes, isLast: boolean): void {
    if (record.index !== this.awaited) {
      this.#hold(record, bytes, isLast);
      return;
    }
    this.#release(record, bytes);
    if (isLast) {
      this.#order.shift();
      while (this.#letGo(this.awaited)) {
        this.#order.shift();
      }
    }
  }

  /** The run was stopped: what is held goes, in order, with gaps. */
  flush(): void {
    for (let index = this.#order.shift(); index !== undefined; index = this.#order.shift()) {
      this.#letGo(index);
    }
  }

  #hold(record: FetchRecord, bytes: Bytes, isLast: boolean): void {
    const held = this.#held.get(record.index);
    if (held === undefined) {
      this.#held.set(record.index, { records: [{ record, bytes }], isWhole: isLast });
    } else {
      held.records.push({ record, bytes });
      held.isWhole = isLast;
    }
    this.#bytes += bytes;
  }

  /** Releases what is held of a task; true when that is all of it. */
  #letGo(index: number | undefined): boolean {
    const held = index === undefined ? undefined : this.#held.get(index);
    if (index === undefined || held === undefined) {
      return false;
    }
    this.#held.delete(index);
    for (const { record, bytes } of held.records) {
      this.#bytes -= bytes;
      this.#release(record, bytes);
    }
    return held.isWhole;
  }
}
