import type { FetchRecord } from '../model/record.ts';
import type { Sink } from './sink.ts';

/** The sink gets only the records that are wanted. */
export function filtered(sink: Sink, isWanted: (record: FetchRecord) => boolean): Sink {
  return {
    name: sink.name,
    window: sink.window,
    async write(batch) {
      const wanted = batch.filter(isWanted);
      if (wanted.length > 0) {
        await sink.write(wanted);
      }
    },
    close: () => sink.close(),
  };
}
