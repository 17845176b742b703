import { heldBytes, type FetchRecord } from '../model/record.ts';
import type { Bytes } from '../model/units.ts';
import type { Sink } from './sink.ts';

/** So many bytes of bodies may be in writes that have not resolved, whatever the window. */
const mostBytes: Bytes = 64 * 1024 * 1024;

/** Writes of batches into a sink, begun in their order: as many at once as its window allows. */
export class WritesUnderWay {
  readonly #sink: Sink;
  #records = 0;
  #bytes: Bytes = 0;
  #fault: { readonly error: unknown } | undefined;
  /** Resolved when a write ends. */
  #next = Promise.withResolvers<void>();

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** Begins to write; resolves when there is room for another batch. Throws what a write has thrown. */
  async add(batch: readonly FetchRecord[]): Promise<void> {
    void this.#write(batch);
    while (this.#isFull && this.#fault === undefined) {
      await this.#next.promise;
    }
    this.#throwFault();
  }

  /** Resolves when nothing is under way. Throws what a write has thrown. */
  async ended(): Promise<void> {
    while (this.#records > 0) {
      await this.#next.promise;
    }
    this.#throwFault();
  }

  get #isFull(): boolean {
    const { window = 0 } = this.#sink;
    return this.#records > window || this.#bytes > mostBytes;
  }

  /** Never rejects: a fault is thrown where somebody waits. */
  async #write(batch: readonly FetchRecord[]): Promise<void> {
    const bytes = batch.reduce((sum, record) => sum + heldBytes(record), 0);
    this.#records += batch.length;
    this.#bytes += bytes;
    try {
      await this.#sink.write(batch);
    } catch (error) {
      this.#fault ??= { error };
    }
    this.#records -= batch.length;
    this.#bytes -= bytes;
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }

  #throwFault(): void {
    if (this.#fault !== undefined) {
      throw this.#fault.error;
    }
  }
}
