import { ResponseError } from './response-error.ts';
import { mostHeadBytes } from './response-head.ts';

/** Longest chunk-size line with its extensions, and longest line of a trailer. */
const mostLineBytes = 4096;

const [cr, lf] = [0x0d, 0x0a];
const sizeLine = /^([0-9a-f]{1,12})[\t ]*(?:;[\t\u0020-\u007e\u0080-\u00ff]*)?$/i;
const trailerLine = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\u0020-\u007e\u0080-\u00ff]*$/;

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
  read(bytes: Buffer, at: number, onData: (data: Buffer) => void): number {
    let position = at;
    while (position < bytes.length && this.#state !== 'done') {
      if (this.#state === 'data') {
        const end = Math.min(bytes.length, position + this.#left);
        onData(bytes.subarray(position, end));
        this.#left -= end - position;
        position = end;
        if (this.#left === 0) {
          this.#state = 'data-end';
        }
      } else {
        position = this.#readLine(bytes, position);
      }
    }
    return position;
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
      const size = sizeLine.exec(line);
      if (size === null) {
        throw new ResponseError('a chunk size is malformed');
      }
      this.#left = Number.parseInt(size[1]!, 16);
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
      if (!trailerLine.test(line)) {
        throw new ResponseError('a trailer field is malformed');
      }
      if (this.#trailerBytes > mostHeadBytes) {
        throw new ResponseError('the trailer section is too long', 'HEADERS_TOO_LARGE');
      }
    }
  }
}
