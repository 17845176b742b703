import { ReaderGoneError } from '../model/errors.ts';
import { oneByOne } from './one-by-one.ts';
import type { Sink } from './sink.ts';

/**
 * All sinks as one: each has every record, and the slowest sets the pace. A reader that goes away ends
 * only its own output; the last one's going ends all. The widest window is that of all; the others have
 * their writes one after the other.
 */
export function tee(sinks: readonly Sink[]): Sink {
  const windows = sinks.map(({ window }) => window).filter((window) => window !== undefined);
  const window = windows.length === 0 ? undefined : Math.max(...windows);
  const read = new Map(
    sinks.map((sink) => [
      sink,
      window !== undefined && sink.window === undefined
        ? oneByOne(sink)
        : (batch: Batch) => sink.write(batch),
    ]),
  );
  return {
    name: sinks.map(({ name }) => name).join(', '),
    window,
    async write(batch) {
      const faults: unknown[] = [];
      await Promise.all(
        [...read].map(([sink, write]) =>
          write(batch).catch((error: unknown) => {
            const isGone = error instanceof ReaderGoneError;
            // Writes that were waiting behind the one that met its going end like it.
            if (isGone && (read.size > 1 || !read.has(sink))) {
              read.delete(sink);
            } else {
              faults.push(error);
            }
          }),
        ),
      );
      throwFirst(faults);
    },
    async close() {
      const faults: unknown[] = [];
      await Promise.all(sinks.map((sink) => sink.close().catch((error: unknown) => faults.push(error))));
      throwFirst(faults);
    },
  };
}

type Batch = Parameters<Sink['write']>[0];

function throwFirst(faults: readonly unknown[]): void {
  if (faults.length > 0) {
    throw faults[0];
  }
}
