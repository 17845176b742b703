import { once } from 'node:events';
import zlib from 'node:zlib';
import type { FileWriter } from './descriptor.ts';

/** A compressed form of a file. */
export type Compression = keyof typeof compressions;

/** How each is made, and the flush after which all that was written can be read back. */
export const compressions = {
  gzip: { create: zlib.createGzip, flush: zlib.constants.Z_SYNC_FLUSH },
  zstd: { create: zlib.createZstdCompress, flush: zlib.constants.ZSTD_e_flush },
} as const;

/**
 * The same writer, compressed. Each write is flushed, so that it can be read back even when the end of
 * the file is never written. One write at a time.
 */
export function compressedWriter(writer: FileWriter, compression: Compression): FileWriter {
  const { create, flush } = compressions[compression];
  const stream = create();
  let chunks: Buffer[] = [];
  let isBroken = false;
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));

  const drain = async () => {
    const bytes = Buffer.concat(chunks);
    chunks = [];
    try {
      await writer.write(bytes);
    } catch (error) {
      isBroken = true;
      throw error;
    }
  };

  return {
    ...writer,
    async write(bytes) {
      stream.write(bytes);
      await new Promise<void>((resolve) => stream.flush(flush, resolve));
      await drain();
    },
    async close() {
      try {
        if (!isBroken) {
          const ended = once(stream, 'end');
          stream.end();
          await ended;
          await drain();
        }
      } finally {
        stream.destroy();
        await writer.close();
      }
    },
  };
}
