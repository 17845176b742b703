import { setImmediate as endOfTurn } from 'node:timers/promises';
import type { SentMark, SentMarks } from '../../model/marks.ts';
import type { Fsync } from '../../model/options/run-options.ts';
import { fileWriter, openToAppend, type FileWriter } from '../descriptor.ts';
import { durable } from '../durable.ts';
import type { Mark } from './sidecar.ts';

/** Marks that are written together, and those who wait for it. */
interface Batch {
  readonly marks: Mark[];
  readonly written: PromiseWithResolvers<void>;
}

/**
 * Notes in the sidecars of the outputs what is sent now and must not be sent twice. The marks of a turn of
 * the event loop, and those that come while others are being written, are one write (and with `each` one
 * fsync). The sidecars are opened for the first mark: most runs have none.
 */
export class MarkWriter implements SentMarks {
  readonly #paths: readonly string[];
  readonly #fsync: Fsync;
  #writers: Promise<readonly FileWriter[]> | undefined;
  #next: Batch | undefined;
  #writing: Promise<void> | undefined;
  #fault: { readonly error: unknown } | undefined;

  /** `paths`: sidecars that are there. */
  constructor(paths: readonly string[], fsync: Fsync) {
    this.#paths = paths;
    this.#fsync = fsync;
  }

  add({ index, page }: SentMark): Promise<void> {
    this.#next ??= this.#begin();
    this.#next.marks.push(page === 1 ? index : [index, page]);
    return this.#next.written.promise;
  }

  /** Called once, when nothing is added any more; what is being written is let end. Throws `SinkError`. */
  async close(): Promise<void> {
    await this.#writing;
    const writers = await this.#writers?.catch(() => []); // whoever added has been told
    await Promise.all((writers ?? []).map((writer) => writer.close()));
  }

  #begin(): Batch {
    this.#writing ??= endOfTurn().then(() => this.#writeAll());
    return { marks: [], written: Promise.withResolvers() };
  }

  async #writeAll(): Promise<void> {
    for (let batch = this.#take(); batch !== undefined; batch = this.#take()) {
      const { marks, written } = batch;
      try {
        await this.#write(`${JSON.stringify({ sent: marks })}\n`);
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

  /** After a fault nothing is written: a line may be torn, and only the last one can be. */
  async #write(line: string): Promise<void> {
    if (this.#fault !== undefined) {
      throw this.#fault.error;
    }
    const writers = await (this.#writers ??= Promise.all(this.#paths.map((path) => open(path, this.#fsync))));
    const bytes = Buffer.from(line);
    await Promise.all(writers.map((writer) => writer.write(bytes)));
  }
}

async function open(path: string, fsync: Fsync): Promise<FileWriter> {
  const writer = fileWriter(openToAppend(path), path);
  return fsync === 'none' ? writer : durable(writer, fsync);
}
