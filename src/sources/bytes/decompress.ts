import type { Transform } from 'node:stream';
import zlib from 'node:zlib';
import { UsageError } from '../../model/errors.ts';
import type { Compression } from './compression.ts';
import type { Text } from '../reader.ts';
import { ByteReader } from './byte-reader.ts';
import { skipFrames, zstdFrame } from './zstd-frame.ts';

/**
 * The text in a compressed file, as it is read. Throws a `UsageError` that names the file when the data
 * is cut off or damaged, after what comes before that.
 */
export async function* decompress(
  { name, chunks }: Text,
  compression: Compression,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* decoders[compression](chunks);
  } catch (error) {
    throw isDamage(error)
      ? new UsageError(`${name}: not whole ${compression} data: ${error.message}`, { cause: error })
      : error;
  }
}

type Chunks = AsyncIterable<Uint8Array>;

const decoders = { gzip: gunzip, zstd: unzstd } satisfies Record<Compression, (chunks: Chunks) => Chunks>;

function gunzip(chunks: Chunks): Chunks {
  return decode(chunks, zlib.createGunzip());
}

/** One decoder a frame: zlib's stream stops at the end of the first (nodejs/node#64741). */
async function* unzstd(chunks: Chunks): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = new ByteReader(chunks);
  try {
    let isWhole = await skipFrames(reader);
    while (isWhole && (await reader.peek(1)).length > 0) {
      isWhole = false;
      const frame = zstdFrame(reader, () => (isWhole = true));
      yield* decode(frame, zlib.createZstdDecompress());
      isWhole &&= await skipFrames(reader);
    }
    if (!isWhole) {
      throw Object.assign(new Error('unexpected end of file'), { code: 'ZSTD_CUT_OFF' });
    }
  } finally {
    await reader.close();
  }
}

/**
 * What the decoder makes of the chunks. All of it is taken before the input ends: a decoder that finds
 * its data cut off throws away what nobody has read.
 */
async function* decode(chunks: Chunks, decoder: Transform): AsyncGenerator<Uint8Array, void, undefined> {
  let fault: Error | undefined;
  let wake = () => {};
  decoder.on('error', (error) => (fault = error));
  decoder.on('readable', () => wake());
  decoder.on('close', () => wake());

  /** What there is until the step has been done. */
  async function* during(step: (onDone: () => void) => void): AsyncGenerator<Uint8Array, void, undefined> {
    let isDone = false;
    step(() => {
      isDone = true;
      wake();
    });
    for (;;) {
      const piece: Uint8Array | null = decoder.read();
      if (piece !== null) {
        yield piece;
      } else if (isDone || decoder.destroyed) {
        return;
      } else {
        await new Promise<void>((resolve) => (wake = resolve));
      }
    }
  }

  try {
    for await (const chunk of chunks) {
      yield* during((onDone) => decoder.write(chunk, onDone));
      if (decoder.destroyed) {
        break;
      }
    }
    yield* during((onDone) => decoder.end().once('end', onDone));
    if (fault !== undefined) {
      throw fault;
    }
  } finally {
    decoder.destroy();
  }
}

/** The data is at fault, as zlib or the walk over the frames has found. */
export function isDamage(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && /^(?:Z|ZSTD)_/.test(String(error.code));
}
