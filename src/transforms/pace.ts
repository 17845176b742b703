import type { Milliseconds } from '../model/units.ts';

/** Work in one batch: what it costs to hand one over is a hundredth of that. */
const batchMs: Milliseconds = 10;
const mostRecords = 256;

/** The weight of the last batch in the mean: the kinds of records in a list change. */
const weight = 0.3;

/** How many records make a batch, learned from how long they take. */
export class Pace {
  #perRecord: Milliseconds | undefined;

  /** Records in the next batch: one, until something is known. */
  get size(): number {
    return this.#perRecord === undefined
      ? 1
      : Math.min(mostRecords, Math.max(1, Math.floor(batchMs / Math.max(this.#perRecord, 1e-3))));
  }

  /** A batch of so many has taken so long. */
  learn(records: number, busyMs: Milliseconds): void {
    const mean = busyMs / records;
    this.#perRecord = this.#perRecord === undefined ? mean : mean * weight + this.#perRecord * (1 - weight);
  }
}
