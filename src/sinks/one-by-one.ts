import type { FetchRecord } from '../model/record.ts';
import type { Sink } from './sink.ts';

/** The writes of a sink that has no window, one after the other; none after one that went wrong. */
export function oneByOne(sink: Sink): (batch: readonly FetchRecord[]) => Promise<void> {
  let last = Promise.resolve();
  return (batch) => (last = last.then(() => sink.write(batch)));
}
