import type { FetchRecord } from '../model/record.ts';
import type { Bytes } from '../model/units.ts';
import { Fifo } from './fifo.ts';

/** What may wait for an earlier record. Beyond it only the task that is waited for may start. */
const mostBytes: Bytes = 64 * 1024 * 1024;

type Release = (record: FetchRecord, bytes: Bytes) => void;

/** Holds records back until all earlier ones, in the order of reading, have gone. */
export class Reorder {
  readonly #release: Release;
  readonly #order = new Fifo<number>();
  readonly #held = new Map<number, { readonly record: FetchRecord; readonly bytes: Bytes }>();
  #bytes: Bytes = 0;

  constructor(release: Release) {
    this.#release = release;
  }

  /** The index of the record that is to go next. */
  get awaited(): number | undefined {
    return this.#order.peek();
  }

  /** Tasks read whose records have not gone yet. */
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

  add(record: FetchRecord, bytes: Bytes): void {
    this.#held.set(record.index, { record, bytes });
    this.#bytes += bytes;
    while (this.#order.length > 0 && this.#let(this.#order.peek()!)) {
      this.#order.shift();
    }
  }

  /** The run was stopped: what is held goes, in order, with gaps. */
  flush(): void {
    for (let index = this.#order.shift(); index !== undefined; index = this.#order.shift()) {
      this.#let(index);
    }
  }

  #let(index: number): boolean {
    const held = this.#held.get(index);
    if (held === undefined) {
      return false;
    }
    this.#held.delete(index);
    this.#bytes -= held.bytes;
    this.#release(held.record, held.bytes);
    return true;
  }
}
