import { heldBytes, type FetchRecord } from '../model/record.ts';
import type { Bytes } from '../model/units.ts';
import { Outbox } from './outbox.ts';
import { Reorder } from './reorder.ts';

/** What a record weighs beside its body. */
const overhead: Bytes = 300;

/** The records on their way out, in order of completion or of the input. */
export class Output {
  readonly #outbox = new Outbox();
  readonly #reorder: Reorder | undefined;
  #fault: { readonly error: unknown } | undefined;

  constructor(isOrdered: boolean) {
    this.#reorder = isOrdered ? new Reorder((record, bytes) => this.#outbox.push(record, bytes)) : undefined;
  }

  /** The consumer is behind. */
  get isFull(): boolean {
    return this.#outbox.isFull;
  }

  /** The consumer waits for records. */
  get isAwaited(): boolean {
    return this.#outbox.isAwaited;
  }

  /** While a full window waits for one record, the index of that one: its task alone may start. */
  get onlyIndex(): number | undefined {
    return this.#reorder?.isFull === true ? this.#reorder.awaited : undefined;
  }

  /** How far the input has been read beyond the record that goes next; 0 where order is free. */
  get span(): number {
    return this.#reorder?.span ?? 0;
  }

  /** A task with this index has been read. */
  expect(index: number): void {
    this.#reorder?.expect(index);
  }

  /** `isLast`: no further record comes of its task. */
  push(record: FetchRecord, isLast: boolean): void {
    const bytes = overhead + heldBytes(record);
    if (this.#reorder === undefined) {
      this.#outbox.push(record, bytes);
    } else {
      this.#reorder.add(record, bytes, isLast);
    }
  }

  /** The next batch; undefined after the last. Throws then, where the run has failed. */
  async take(): Promise<readonly FetchRecord[] | undefined> {
    const batch = await this.#outbox.take();
    if (batch === undefined && this.#fault !== undefined) {
      throw this.#fault.error;
    }
    return batch;
  }

  /** The run is broken: the records that still come are the last. Of several faults the first is told. */
  fail(error: unknown): void {
    this.#fault ??= { error };
  }

  /** No record comes any more. */
  end(): void {
    this.#reorder?.flush();
    this.#outbox.end();
  }
}
