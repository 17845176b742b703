/** What begins a frame of zstd data (RFC 8878, 3.1.1), read little-endian. */
export const zstdMagic = 0xfd2f_b528;

/** Whether that number begins a frame without content, to be passed over: sixteen do (RFC 8878, 3.1.2). */
export function isSkippable(magic: number): boolean {
  return (magic & 0xffff_fff0) >>> 0 === 0x184d_2a50;
}

/** Bytes of a frame that are not in its blocks. */
export interface FrameLayout {
  /** After the descriptor. */
  readonly headerBytes: number;
  readonly checksumBytes: number;
}

/** What the descriptor of a frame, the byte after the magic number, says (RFC 8878, 3.1.1.1.1). */
export function frameLayout(descriptor: number): FrameLayout {
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const window = isSingleSegment ? 0 : 1;
  const dictionaryId = [0, 1, 2, 4][descriptor & 3]!;
  const contentSize = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  return {
    headerBytes: window + dictionaryId + contentSize,
    checksumBytes: (descriptor & 4) === 0 ? 0 : 4,
  };
}

/** A block after its header of three bytes. */
export interface BlockLayout {
  readonly isLast: boolean;
  readonly bytes: number;
}

/** A block of one byte, repeated. */
const runLength = 1;

/** What the header of a block, read little-endian, says (RFC 8878, 3.1.1.2). */
export function blockLayout(header: number): BlockLayout {
  return { isLast: (header & 1) === 1, bytes: ((header >> 1) & 3) === runLength ? 1 : header >> 3 };
}
