import type { FetchRecord } from '../model/record.ts';
import type { Bytes, Milliseconds } from '../model/units.ts';

/** A batch is handed over when it has this many records or about this many bytes … */
const fullBatch = 256;
const fullBytes: Bytes = 64 * 1024;
/** … or when its first record is this old, so that a slow run still shows each answer at once. */
const lingerMs: Milliseconds = 5;

/** While this much waits for the sink, no further task is admitted. */
const mostRecords = 2_048;
const mostBytes: Bytes = 8 * 1024 * 1024;

/** Finished records on their way to the one consumer, batched; its fullness is the backpressure. */
export class Outbox {
  #records: FetchRecord[] = [];
  #bytes: Bytes = 0;
  #taker: ((batch: readonly FetchRecord[] | undefined) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  /** True while admission has to stop. */
  get isFull(): boolean {
    return this.#records.length >= mostRecords || this.#bytes >= mostBytes;
  }

  /** The consumer waits for records. */
  get isAwaited(): boolean {
    return this.#taker !== undefined;
  }

  push(record: FetchRecord, bytes: Bytes): void {
    this.#records.push(record);
    this.#bytes += bytes;
    if (this.#taker !== undefined) {
      this.#settle();
    }
  }

  /** The next batch; undefined after the last. One call at a time. */
  take(): Promise<readonly FetchRecord[] | undefined> {
    return new Promise((resolve) => {
      this.#taker = resolve;
      this.#settle();
    });
  }

  /** No record comes any more. */
  end(): void {
    this.#ended = true;
    if (this.#taker !== undefined) {
      this.#settle();
    }
  }

  #settle(): void {
    if (this.#ended || this.#records.length >= fullBatch || this.#bytes >= fullBytes) {
      this.#deliver();
    } else if (this.#records.length > 0) {
      this.#timer ??= setTimeout(() => this.#deliver(), lingerMs);
    }
  }

  #deliver(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const taker = this.#taker!;
    const batch = this.#records;
    this.#taker = undefined;
    this.#records = [];
    this.#bytes = 0;
    taker(batch.length > 0 ? batch : undefined);
  }
}
