/** Bytes after the last line feed of a text. */
export interface Torn {
  bytes: number;
}

/**
 * The lines of a text, many at a time, each with its line feed. What stands after the last one is left
 * out and counted in `torn`. A piece is valid until the next one is asked for.
 */
export async function* wholeLines(
  chunks: AsyncIterable<Uint8Array>,
  torn: Torn,
): AsyncGenerator<Buffer, void, undefined> {
  let held: Buffer[] = [];
  torn.bytes = 0;
  for await (const one of chunks) {
    const chunk = Buffer.from(one.buffer, one.byteOffset, one.byteLength);
    const end = chunk.lastIndexOf(lineFeed) + 1;
    if (end > 0) {
      const whole = chunk.subarray(0, end);
      yield held.length === 0 ? whole : Buffer.concat([...held, whole]);
      held = [];
      torn.bytes = 0;
    }
    if (end < chunk.length) {
      held.push(Buffer.from(chunk.subarray(end))); // a copy: the chunk may be overwritten
      torn.bytes += chunk.length - end;
    }
  }
}

const lineFeed = 0x0a;
