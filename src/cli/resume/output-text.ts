import fs from 'node:fs';
import { UsageError } from '../../model/errors.ts';
import { compressionOf, type Compression } from '../../sinks/compression.ts';
import type { OutputText } from '../../sinks/journal/read-entries.ts';

/** An output that is read back. */
export interface ReadOutput {
  readonly file: string;
  readonly compression: Compression | undefined;
  /** Opens it. Data that is cut off, as a kill leaves it, ends there: then `isCutOff` is set. */
  read(hasFiles: boolean): OutputText;
  isCutOff: boolean;
}

/** An output by its name. It may not be there. */
export function readOutput(file: string): ReadOutput {
  const compression = compressionOf(file);
  const output: ReadOutput = {
    file,
    compression,
    isCutOff: false,
    read: (hasFiles) => ({ name: file, chunks: chunksOf(output), hasFiles }),
  };
  return output;
}

const chunkBytes = 1024 * 1024;

async function* chunksOf(output: ReadOutput): AsyncGenerator<Uint8Array, void, undefined> {
  const { file, compression } = output;
  if (!fs.existsSync(file)) {
    return;
  }
  const chunks = fs.createReadStream(file, { highWaterMark: chunkBytes });
  if (compression === undefined) {
    yield* chunks;
    return;
  }
  const { decompress, isDamage } = await import('../../sources/bytes/decompress.ts');
  try {
    yield* decompress({ name: file, chunks }, compression);
  } catch (error) {
    if (!(error instanceof UsageError && isDamage(error.cause))) {
      throw error;
    }
    output.isCutOff = true;
  }
}
