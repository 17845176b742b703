import type { RunObserver } from '../model/observer.ts';
import type { Sink } from './sink.ts';

/** The same sink, each of whose writes is told when it has ended. */
export function watchedSink(sink: Sink, tell: RunObserver): Sink {
  const { name, window } = sink;
  return {
    name,
    window,
    async write(batch) {
      const startedAt = performance.now();
      await sink.write(batch);
      const at = performance.now();
      tell({ event: 'batch', at, records: batch.length, sink: name, tookMs: at - startedAt });
    },
    close: () => sink.close(),
  };
}
