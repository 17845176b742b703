import { blockLayout, frameLayout, isSkippable, zstdMagic } from '../../model/zstd.ts';
import type { ByteReader } from './byte-reader.ts';

/**
 * The bytes of the frame of zstd data that comes next, found by walking over the headers of its blocks
 * (RFC 8878, 3.1); of data that is none, some, for a decoder to refuse. Tells `onWhole` when it has been
 * taken whole, which Node 22's zlib does not notice. Frames without content are left out.
 */
export async function* zstdFrame(
  reader: ByteReader,
  onWhole: () => void,
): AsyncGenerator<Buffer, void, undefined> {
  const start = await reader.exactly(5);
  yield start;
  if (start.length < 5 || start.readUInt32LE() !== zstdMagic) {
    return;
  }
  const { headerBytes, checksumBytes } = frameLayout(start[4]!);
  yield* reader.through(headerBytes);
  for (let isLast = false; !isLast;) {
    const header = await reader.exactly(3);
    yield header;
    if (header.length < 3) {
      return;
    }
    const block = blockLayout(header.readUIntLE(0, 3));
    isLast = block.isLast;
    yield* reader.through(block.bytes);
  }
  const checksum = await reader.exactly(checksumBytes);
  yield checksum;
  if (checksum.length === checksumBytes) {
    onWhole();
  }
}

/** Passes over the frames without content that stand next (RFC 8878, 3.1.2); false when they are cut off. */
export async function skipFrames(reader: ByteReader): Promise<boolean> {
  for (;;) {
    const start = await reader.peek(8);
    if (start.length < 4 || !isSkippable(start.readUInt32LE())) {
      return true;
    }
    const wanted = start.length < 8 ? 8 : 8 + start.readUInt32LE(4);
    let taken = 0;
    for await (const bytes of reader.through(wanted)) {
      taken += bytes.length;
    }
    if (taken < wanted) {
      return false;
    }
  }
}
