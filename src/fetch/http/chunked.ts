import { fieldValue, token as fieldName } from '../../model/field.ts';
import { ResponseError } from './response-error.ts';
import { mostHeadBytes } from './response-head.ts';

/** Longest chunk-size line with its extensions, and longest line of a trailer. */
const mostLineBytes = 4096;

const [cr, lf] = [0x0d, 0x0a];
/** Digits for 2^48 - 1 bytes, far beyond every limit and exact as a number; padding is "bad white space". */
const chunkSize = /^([0-9a-f]{1,12})[\t ]*$/i;
const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const quoted = String.raw`"(?:[\t !#-[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*"`;
/** What may follow a size: `;name`, `;name=value`, `;name="value"`, any number of them (RFC 9112, 7.1.1). */
const extensions = new RegExp(
  String.raw`^(?:;[\t ]*${token}[\t ]*(?:=[\t ]*(?:${token}|${quoted})[\t ]*)?)+$`,
);

type State = 'size' | 'data' | 'data-end' | 'trailer' | 'done';

/**
 * Takes chunked coding off a body (RFC 9112, 7.1), however the bytes are cut into reads. Extensions
 * and trailers are checked and dropped. Strict about line ends: a lenient reader is a way to smuggle.
 */
export class ChunkedDecoder {
  #state: State = 'size';
  /** Bytes of the current chunk still to come. */
  #left = 0;
  /** A line of which only the beginning has come. */
  #line = '';
  #trailerBytes = 0;

  get isDone(): boolean {
    return this.#state === 'done';
  }

  /**
   * Decodes bytes from `at` on and hands out pieces of data. Returns where it stopped: the end of the
   * bytes, or of the body. Throws a `ResponseError`.
   */
  read(bytes: Buffer, at: number, to: { onBody(data: Buffer): void }): number {
    let position = at;
    while (position < bytes.length && this.#state !== 'done') {
      if (this.#state === 'data') {
        const end = Math.min(bytes.length, position + this.#left);
        const data = bytes.subarray(position, end);
        this.#left -= data.length;
        this.#state = this.#left === 0 ? 'data-end' : 'data';
        position = end;
        to.onBody(data);
      } else {
        position = this.#readLine(bytes, position);
      }
    }
    return position;
  }

  /** Hands out nothing further, even of the bytes that are being read. */
  stop(): void {
    this.#state = 'done';
  }

  #readLine(bytes: Buffer, at: number): number {
    const end = bytes.indexOf(lf, at);
    this.#line += bytes.toString('latin1', at, end === -1 ? bytes.length : end);
    if (this.#line.length > mostLineBytes) {
      throw new ResponseError('a line of the chunked coding is too long');
    }
    if (end === -1) {
      return bytes.length;
    }
    if (this.#line.charCodeAt(this.#line.length - 1) !== cr) {
      throw new ResponseError('a line of the chunked coding does not end in CR LF');
    }
    const line = this.#line.slice(0, -1);
    this.#line = '';
    this.#take(line);
    return end + 1;
  }

  #take(line: string): void {
    if (this.#state === 'size') {
      this.#left = sizeOf(line);
      this.#state = this.#left === 0 ? 'trailer' : 'data';
    } else if (this.#state === 'data-end') {
      if (line !== '') {
        throw new ResponseError('a chunk is longer than its size');
      }
      this.#state = 'size';
    } else if (line === '') {
      this.#state = 'done';
    } else {
      this.#trailerBytes += line.length;
      if (!isField(line)) {
        throw new ResponseError('a trailer field is malformed');
      }
      if (this.#trailerBytes > mostHeadBytes) {
        throw new ResponseError('the trailer section is too long', 'HEADERS_TOO_LARGE');
      }
    }
  }
}

function sizeOf(line: string): number {
  const semicolon = line.indexOf(';');
  const size = chunkSize.exec(semicolon === -1 ? line : line.slice(0, semicolon));
  if (size === null || (semicolon !== -1 && !extensions.test(line.slice(semicolon)))) {
    throw new ResponseError('a chunk size is malformed');
  }
  return Number.parseInt(size[1]!, 16);
}

function isField(line: string): boolean {
  const colon = line.indexOf(':');
  return fieldName.test(line.slice(0, Math.max(colon, 0))) && fieldValue.test(line.slice(colon + 1));
}
