import { UsageError } from '../../model/errors.ts';
import { readEntry, type Entry } from './entry.ts';
import { wholeLines, type Torn } from './whole-lines.ts';

/** An output as it is read back. */
export interface OutputText {
  /** For people. */
  readonly name: string;
  /** Decompressed; each chunk may be overwritten by the next. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Bodies stand in files: `entry.file` is wanted. */
  readonly hasFiles: boolean;
}

/** Some of the lines: those from the last call up to here are `bytes`, with the entry of each. */
export type OnLines = (entries: readonly Entry[], lines: Lines) => void | Promise<void>;

/** The bytes of some lines, and where each one ends, its line feed included. Valid until the next are read. */
export interface Lines {
  readonly bytes: Buffer;
  readonly ends: readonly number[];
}

/**
 * Reads all whole lines, many at a time, and gives the number of bytes that stand after the last one.
 * Throws a `UsageError` for a line that is no record, as `out.jsonl:17: …`.
 */
export async function readEntries(output: OutputText, onLines: OnLines): Promise<number> {
  const torn: Torn = { bytes: 0 };
  let lineNumber = 0;
  for await (const bytes of wholeLines(output.chunks, torn)) {
    const text = bytes.toString('latin1');
    const entries: Entry[] = [];
    const ends: number[] = [];
    for (let start = 0; start < text.length;) {
      const end = text.indexOf('\n', start);
      lineNumber++;
      const entry = readEntry(text, start, end, output.hasFiles);
      if (entry === undefined) {
        throw new UsageError(`${output.name}:${lineNumber}: no record with an index`);
      }
      entries.push(entry);
      ends.push(end + 1);
      start = end + 1;
    }
    await onLines(entries, { bytes, ends });
  }
  return torn.bytes;
}
