import { failure } from '../../../src/model/failure.ts';
import { FetchRecord, type RecordFields } from '../../../src/model/record.ts';
import type { JournalSettings } from '../../../src/sinks/journal/journal.ts';
import { readJournal, type Journal } from '../../../src/sinks/journal/journal.ts';

/** A record that ended well, unless it is said otherwise. */
export function record(index: number, more: Partial<RecordFields> = {}): FetchRecord {
  return new FetchRecord({
    index,
    id: String(index),
    url: `http://a/${index}`,
    ok: true,
    status: 200,
    attempts: 1,
    timing: { queue: 0, total: 1 },
    startedAt: 0,
    ...more,
  });
}

export const refused = { ok: false, status: undefined, error: failure('CONNECTION_REFUSED', 'nobody') };

/** What a journal of that text says; it comes in chunks of so many bytes. */
export function journalOf(
  text: string | Uint8Array,
  chunkBytes = 1000,
  settings: Partial<JournalSettings> = {},
): Promise<Journal> {
  const hasFiles = settings.onFile !== undefined;
  return readJournal(
    { name: 'out.jsonl', chunks: inChunks(Buffer.from(text), chunkBytes), hasFiles },
    { maxPages: 1000, ...settings },
  );
}

/** The same memory for every chunk, as a file is read. */
export async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  const memory = Buffer.alloc(size);
  for (let at = 0; at < bytes.length; at += size) {
    yield memory.subarray(0, bytes.copy(memory, 0, at, at + size));
  }
}
