import { ReaderGoneError } from '../model/errors.ts';
import type { Sink } from './sink.ts';

/**
 * All sinks as one: each has every record, and the slowest sets the pace. A reader that goes away ends
 * only its own output; the last one's going ends all.
 */
export function tee(sinks: readonly Sink[]): Sink {
  const read = new Set(sinks);
  return {
    name: sinks.map(({ name }) => name).join(', '),
    async write(batch) {
      const faults: unknown[] = [];
      await Promise.all(
        [...read].map((sink) =>
          sink.write(batch).catch((error: unknown) => {
            if (error instanceof ReaderGoneError && read.size > 1) {
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

function throwFirst(faults: readonly unknown[]): void {
  if (faults.length > 0) {
    throw faults[0];
  }
}
