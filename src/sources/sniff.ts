import type { InputFormat } from '../model/options/run-options.ts';

/** A text whose beginning has been looked at; `chunks` are all of it. */
export interface Sniffed {
  readonly format: InputFormat;
  readonly chunks: AsyncGenerator<Uint8Array, void, undefined>;
}

/**
 * Tells a task file from a list of URLs: its first byte, blanks and `#` lines aside, is `{`, with which
 * no URL begins. Takes no more of the text than it needs for that.
 */
export async function sniff(chunks: AsyncIterable<Uint8Array>): Promise<Sniffed> {
  const iterator = chunks[Symbol.asyncIterator]();
  const taken: Uint8Array[] = [];
  let takenBytes = 0;
  let isComment = false;
  while (takenBytes < enough) {
    const result = await iterator.next();
    if (result.done === true) {
      break;
    }
    const chunk = Buffer.from(result.value); // a copy, for the next chunk may overwrite it
    taken.push(chunk);
    takenBytes += chunk.length;
    for (const byte of chunk) {
      if (isComment || byte === hash) {
        isComment = byte !== lineFeed;
      } else if (!isBlank(byte)) {
        return { format: byte === openBrace ? 'jsonl' : 'lines', chunks: resume(taken, iterator) };
      }
    }
  }
  return { format: 'lines', chunks: resume(taken, iterator) };
}

/** A text that begins with more blanks and comments than this is not looked into further. */
const enough = 1024 * 1024;

const [lineFeed, hash, openBrace] = [0x0a, 0x23, 0x7b] as const;

/** White space, and the three bytes of a byte order mark. */
function isBlank(byte: number): boolean {
  return byte <= 0x20 || byte === 0xef || byte === 0xbb || byte === 0xbf;
}

async function* resume(
  taken: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array, unknown>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* taken;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
      yield next.value;
    }
  } finally {
    await rest.return?.();
  }
}
