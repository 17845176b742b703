import { once } from 'node:events';
import { compressions, type Compression } from '../compressed.ts';
import type { FileWriter } from '../descriptor.ts';
import type { Entry } from './entry.ts';
import { readEntries, type Lines, type OutputText } from './read-entries.ts';
import { replaceFile } from './replace.ts';

/**
 * Puts an output anew in its place, with the whole lines whose entries are kept: at any moment the file
 * is the old one or the new one. Throws `SinkError`.
 */
export function rewrite(
  file: string,
  text: OutputText,
  compression: Compression | undefined,
  isKept: (entry: Entry) => boolean,
): Promise<void> {
  return replaceFile(file, async (writer) => {
    const copy = compression === undefined ? plainCopy(writer) : compressedCopy(writer, compression);
    await readEntries(text, (entries, lines) => copy.write(keptLines(entries, lines, isKept)));
    await copy.end();
  });
}

interface Copy {
  write(bytes: Buffer): Promise<void>;
  end(): Promise<void>;
}

function plainCopy(writer: FileWriter): Copy {
  return { write: (bytes) => writer.write(bytes), end: () => Promise.resolve() };
}

function compressedCopy(writer: FileWriter, compression: Compression): Copy {
  const stream = compressions[compression].create();
  let chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const drain = () => {
    const bytes = Buffer.concat(chunks);
    chunks = [];
    return writer.write(bytes);
  };
  return {
    async write(bytes) {
      await new Promise((resolve) => stream.write(bytes, resolve));
      await drain();
    },
    async end() {
      const ended = once(stream, 'end');
      stream.end();
      await ended;
      await drain();
    },
  };
}

/** All of them, usually: then there is nothing to copy. */
function keptLines(
  entries: readonly Entry[],
  { bytes, ends }: Lines,
  isKept: (entry: Entry) => boolean,
): Buffer {
  if (entries.every(isKept)) {
    return bytes;
  }
  const kept = entries.flatMap((entry, at) =>
    isKept(entry) ? [bytes.subarray(ends[at - 1] ?? 0, ends[at])] : [],
  );
  return Buffer.concat(kept);
}
