import { blockLayout, frameLayout, isSkippable, zstdMagic } from '../../model/zstd.ts';

/**
 * Whether zstd data begins with a frame and ends with the end of one, found by walking over the
 * headers of its blocks (RFC 8878, 3.1). Node 22's zlib takes data that is cut off for whole, and
 * then half a body would look like a body. What follows a frame and is none is left to zlib.
 */
export function isWholeZstd(bytes: Buffer): boolean {
  let at = 0;
  let frames = 0;
  for (; ; frames++) {
    const magic = at + 4 <= bytes.length ? bytes.readUInt32LE(at) : 0;
    if (magic === zstdMagic) {
      at = endOfFrame(bytes, at + 4);
    } else if (isSkippable(magic) && at + 8 <= bytes.length) {
      at += 8 + bytes.readUInt32LE(at + 4);
    } else {
      return frames > 0;
    }
    if (at > bytes.length) {
      return false;
    }
  }
}

/** `from` is after the magic number; beyond the bytes when the frame is cut off. */
function endOfFrame(bytes: Buffer, from: number): number {
  if (from === bytes.length) {
    return Number.POSITIVE_INFINITY;
  }
  const { headerBytes, checksumBytes } = frameLayout(bytes[from]!);
  let at = from + 1 + headerBytes;
  for (let isLast = false; !isLast;) {
    if (at + 3 > bytes.length) {
      return Number.POSITIVE_INFINITY;
    }
    const block = blockLayout(bytes.readUIntLE(at, 3));
    isLast = block.isLast;
    at += 3 + block.bytes;
  }
  return at + checksumBytes;
}
