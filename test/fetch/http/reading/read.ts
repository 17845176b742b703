import { ResponseError } from '../../../../src/fetch/http/response-error.ts';
import { ResponseReader } from '../../../../src/fetch/http/response-reader.ts';

/** What became of the bytes of an answer. Bodies are latin1. */
export type Reading = Whole | { readonly refused: string };

/** An answer that was taken. */
export interface Whole {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string;
  readonly isReusable: boolean;
}

/** An answer that was taken and the length that its head announced. */
export interface Told extends Whole {
  readonly length: number;
}

/**
 * What our reader makes of an answer that comes in these reads, with the end of the connection after
 * them. As on a socket, every read lies in memory that is overwritten when it has been taken.
 */
export function readPieces(pieces: readonly Buffer[], method = 'GET'): Told | { readonly refused: string } {
  const told = { status: 0, headers: {}, length: Number.NaN, body: '', isReusable: false };
  let isWhole = false;
  const reader = new ResponseReader({
    onHead: (status, headers, length) => Object.assign(told, { status, headers, length }),
    onBody: (bytes) => (told.body += bytes.toString('latin1')),
    onEnd: (isReusable) => {
      told.isReusable = isReusable;
      isWhole = true;
    },
  });
  reader.expect(method);
  try {
    for (const piece of pieces) {
      const memory = Buffer.from(piece);
      reader.read(memory);
      memory.fill(0xa5);
    }
    return (isWhole || reader.end()) && isWhole ? told : { refused: 'cut off' };
  } catch (error) {
    if (!(error instanceof ResponseError)) {
      throw error;
    }
    return { refused: error.message };
  }
}

/** The same for an answer that comes in one read. One character a byte. */
export function read(text: string, method = 'GET'): Told | { readonly refused: string } {
  return readPieces([Buffer.from(text, 'latin1')], method);
}
