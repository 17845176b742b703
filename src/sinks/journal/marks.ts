import type { SentMark, SentMarks } from '../../model/marks.ts';
import type { Fsync } from '../../model/options/run-options.ts';
import { fileWriter, openToAppend, type FileWriter } from '../descriptor.ts';
import { durable } from '../durable.ts';
import { MarkBatches } from '../mark-batches.ts';

/**
 * Notes in the sidecars of the outputs what is sent now and must not be sent twice, a line for a batch of
 * marks (and with `each` one fsync). The sidecars are opened for the first mark: most runs have none.
 */
export class MarkWriter implements SentMarks {
  readonly #paths: readonly string[];
  readonly #fsync: Fsync;
  // After a fault nothing is written: a line may be torn, and only the last one can be.
  readonly #batches = new MarkBatches((marks) => this.#write(marks));
  #writers: Promise<readonly FileWriter[]> | undefined;

  /** `paths`: sidecars that are there. */
  constructor(paths: readonly string[], fsync: Fsync) {
    this.#paths = paths;
    this.#fsync = fsync;
  }

  add(mark: SentMark): Promise<void> {
    return this.#batches.add(mark);
  }

  /** Called once, when nothing is added any more; what is being written is let end. Throws `SinkError`. */
  async close(): Promise<void> {
    await this.#batches.ended();
    const writers = await this.#writers?.catch(() => []); // whoever added has been told
    await Promise.all((writers ?? []).map((writer) => writer.close()));
  }

  async #write(marks: readonly SentMark[]): Promise<void> {
    const sent = marks.map(({ index, page }) => (page === 1 ? index : [index, page]));
    const writers = await (this.#writers ??= Promise.all(this.#paths.map((path) => open(path, this.#fsync))));
    const bytes = Buffer.from(`${JSON.stringify({ sent })}\n`);
    await Promise.all(writers.map((writer) => writer.write(bytes)));
  }
}

async function open(path: string, fsync: Fsync): Promise<FileWriter> {
  const writer = fileWriter(openToAppend(path), path);
  return fsync === 'none' ? writer : durable(writer, fsync);
}
