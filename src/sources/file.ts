import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { UsageError } from '../model/errors.ts';
import { compressionOf, type Compression } from './bytes/compression.ts';
import type { Opener } from './part.ts';
import { textPart } from './text.ts';
import { unreadable } from './unreadable.ts';

/** A file of tasks: the meaning of every argument that is nothing else. */
export const fileOpener: Opener = {
  accepts: () => true,

  async open(path, settings) {
    const isRegular = await checkReadable(path);
    const { compression, inner } = compressionOf(path);
    return textPart(
      {
        name: path,
        formatName: inner,
        open: () => (compression === undefined ? fileChunks(path) : unpackedChunks(path, compression)),
        // A pipe (`<(command)`) can be read only once, and the run needs what is in it.
        isLasting: isRegular,
      },
      settings,
    );
  },
};

/** Larger chunks are no faster, smaller ones cost a system call more often. */
const chunkBytes = 128 * 1024;

/** The bytes of a file; each chunk is overwritten by the next. The file is closed when the reader ends. */
async function* fileChunks(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    const file = await open(path);
    try {
      const buffer = Buffer.allocUnsafeSlow(chunkBytes);
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, chunkBytes, null);
        if (bytesRead === 0) {
          return;
        }
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function* unpackedChunks(
  path: string,
  compression: Compression,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { decompress } = await import('./bytes/decompress.ts');
  yield* decompress({ name: path, chunks: fileChunks(path) }, compression);
}

/** Throws a `UsageError` unless the file is there and may be read; says whether it is a regular file. */
async function checkReadable(path: string): Promise<boolean> {
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) {
      throw new UsageError(`${path}: is a directory`);
    }
    await access(path, constants.R_OK);
    return stats.isFile();
  } catch (error) {
    throw unreadable(path, error);
  }
}
