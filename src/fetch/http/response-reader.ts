import type { Bytes } from '../../model/units.ts';
import { ChunkedDecoder } from './chunked.ts';
import { framingOf, isPersistent, mayHaveHiddenBody } from './framing.ts';
import { ResponseError } from './response-error.ts';
import { HeadParser, mostHeadBytes, type ResponseHead, type ResponseHeaders } from './response-head.ts';

/** Told of an answer as it arrives. Bytes are valid during the call only. */
export interface ResponseHandler {
  /** `length` of the body by Content-Length; -1: unknown. */
  onHead(status: number, headers: ResponseHeaders, length: number): void;
  onBody(bytes: Buffer): void;
  /** The last byte has come. `isReusable`: the connection may carry another request. */
  onEnd(isReusable: boolean): void;
}

const headEnd = Buffer.from('\r\n\r\n');
const empty = Buffer.alloc(0);

type State = 'idle' | 'head' | 'length' | 'chunked' | 'until-close';

/**
 * Reads the answers of one connection, one at a time and however they are cut into reads. Own code,
 * because it is the hot path: a common answer is one `indexOf`, one string and a few map look-ups,
 * half the time of a general parser behind callbacks for every piece. That it takes and refuses the
 * same as llhttp, and why not where it does not, is under test (test/fetch/http/response-oracle.test.ts).
 */
export class ResponseReader {
  readonly #handler: ResponseHandler;
  readonly #heads = new HeadParser();
  #state: State = 'idle';
  #method = 'GET';
  /** The beginning of a head that came in several reads. */
  #partial: Buffer = empty;
  /** Bytes of a measured body still to come. */
  #left = 0;
  #chunks: ChunkedDecoder | undefined;
  #isPersistent = false;

  constructor(handler: ResponseHandler) {
    this.#handler = handler;
  }

  /** No answer is under way or expected. */
  get isIdle(): boolean {
    return this.#state === 'idle';
  }

  /** A request with that method has been sent. */
  expect(method: string): void {
    this.#method = method;
    this.#state = 'head';
    this.#partial = empty;
  }

  /** Takes the bytes of one read. Throws a `ResponseError`; then the connection is of no more use. */
  read(bytes: Buffer): void {
    if (this.#state === 'head') {
      this.#readHead(bytes);
    } else if (this.#state === 'idle') {
      throw new ResponseError('bytes came that nobody asked for');
    } else {
      this.#readBody(bytes, 0);
    }
  }

  /** The server has closed the connection. False: in the middle of an answer. */
  end(): boolean {
    if (this.#state === 'until-close') {
      this.#finish(false);
      return true;
    }
    return this.#state === 'idle';
  }

  #readHead(read: Buffer): void {
    const bytes = this.#partial.length === 0 ? read : Buffer.concat([this.#partial, read]);
    // The end may lie across two reads; what was searched before need not be searched again.
    let from = Math.max(0, this.#partial.length - (headEnd.length - 1));
    let start = 0;
    for (;;) {
      const end = bytes.indexOf(headEnd, from);
      if (end === -1) {
        this.#keepPartial(bytes.subarray(start));
        return;
      }
      checkLength(end - start);
      const head = this.#heads.parse(bytes.toString('latin1', start, end));
      start = from = end + headEnd.length;
      if (head.status >= 200) {
        this.#begin(head);
        this.#readBody(bytes, start);
        return;
      }
      // 1xx come before the answer and may be ignored (RFC 9110, 15.2), but for this one.
      if (head.status === 101) {
        throw new ResponseError('the server changes to a protocol that was not asked for');
      }
    }
  }

  #keepPartial(bytes: Buffer): void {
    checkLength(bytes.length - (headEnd.length - 1));
    checkBeginning(bytes);
    this.#partial = Buffer.from(bytes);
  }

  #begin(head: ResponseHead): void {
    const framing = framingOf(this.#method, head);
    this.#isPersistent = isPersistent(head, framing) && !mayHaveHiddenBody(head);
    this.#partial = empty;
    if (typeof framing === 'number') {
      this.#left = framing;
      this.#state = 'length';
    } else {
      this.#chunks = framing === 'chunked' ? new ChunkedDecoder() : undefined;
      this.#state = framing;
    }
    this.#handler.onHead(head.status, head.headers, typeof framing === 'number' ? framing : -1);
  }

  /** The bytes from `at` on, if any. Nothing, when the answer was given up while its head was told. */
  #readBody(bytes: Buffer, at: number): void {
    if (this.#state === 'length') {
      this.#readMeasured(bytes, at);
    } else if (this.#state === 'chunked') {
      this.#readChunked(bytes, at);
    } else if (this.#state === 'until-close' && at < bytes.length) {
      this.#handler.onBody(bytes.subarray(at));
    }
  }

  #readMeasured(bytes: Buffer, at: number): void {
    const end = Math.min(bytes.length, at + this.#left);
    this.#left -= end - at;
    if (end > at) {
      this.#handler.onBody(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end));
    }
    if (this.#left === 0) {
      this.#finish(end === bytes.length);
    }
  }

  #readChunked(bytes: Buffer, at: number): void {
    const chunks = this.#chunks!;
    const end = chunks.read(bytes, at, this.#handler);
    if (chunks.isDone) {
      this.#finish(end === bytes.length);
    }
  }

  /** Bytes after the end are the beginning of an answer that nobody asked for, or worse. */
  #finish(isExact: boolean): void {
    if (this.#state === 'idle') {
      return; // given up while it was read
    }
    this.#state = 'idle';
    this.#handler.onEnd(isExact && this.#isPersistent);
  }

  /** Reads nothing further of this answer. */
  abandon(): void {
    this.#state = 'idle';
    this.#chunks?.stop();
  }
}

function checkLength(length: Bytes): void {
  if (length > mostHeadBytes) {
    throw new ResponseError('the header section is larger than 16 KiB', 'HEADERS_TOO_LARGE');
  }
}

/** Tells as soon as it shows that this is no HTTP/1 answer, rather than waiting for more of it. */
function checkBeginning(bytes: Buffer): void {
  const expected = 'HTTP/1.';
  const begin = bytes.toString('latin1', 0, expected.length);
  if (!expected.startsWith(begin)) {
    throw new ResponseError('the answer does not begin as HTTP/1.1');
  }
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) {
    if (bytes[at - 1] !== 0x0d) {
      throw new ResponseError('a line of the head does not end in CR LF');
    }
  }
}
