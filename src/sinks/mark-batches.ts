import { setImmediate as endOfTurn } from 'node:timers/promises';
import type { SentMark, SentMarks } from '../model/marks.ts';

/** Marks that are written together, and those who wait for it. */
interface Batch {
  readonly marks: SentMark[];
  readonly written: PromiseWithResolvers<void>;
}

/**
 * Marks in batches: those of a turn of the event loop, and those that come while others are being
 * written, are one write. There is one write after the other, and none after one that went wrong.
 */
export class MarkBatches implements SentMarks {
  readonly #write: (marks: readonly SentMark[]) => Promise<void>;
  #next: Batch | undefined;
  #writing: Promise<void> | undefined;
  #fault: { readonly error: unknown } | undefined;

  /** `write` resolves when the marks survive the death of this process. */
  constructor(write: (marks: readonly SentMark[]) => Promise<void>) {
    this.#write = write;
  }

  add(mark: SentMark): Promise<void> {
    this.#next ??= this.#begin();
    this.#next.marks.push(mark);
    return this.#next.written.promise;
  }

  /** Resolves when nothing is being written; what goes wrong there is told to those who added. */
  async ended(): Promise<void> {
    await this.#writing;
  }

  #begin(): Batch {
    this.#writing ??= endOfTurn().then(() => this.#writeAll());
    return { marks: [], written: Promise.withResolvers() };
  }

  async #writeAll(): Promise<void> {
    for (let batch = this.#take(); batch !== undefined; batch = this.#take()) {
      const { marks, written } = batch;
      try {
        await this.#writeOnce(marks);
        written.resolve();
      } catch (error) {
        this.#fault ??= { error };
        written.reject(error);
      }
    }
    this.#writing = undefined;
  }

  #take(): Batch | undefined {
    const batch = this.#next;
    this.#next = undefined;
    return batch;
  }

  async #writeOnce(marks: readonly SentMark[]): Promise<void> {
    if (this.#fault !== undefined) {
      throw this.#fault.error;
    }
    await this.#write(marks);
  }
}
