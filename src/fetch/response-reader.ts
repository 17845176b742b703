import { ChunkedDecoder } from './chunked.ts';
import { framingOf, isPersistent, mayHaveHiddenBody } from './framing.ts';
import { ResponseError } from './response-error.ts';
import { HeadParser, mostHeadBytes, type ResponseHeaders } from './response-head.ts';

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
 * same as llhttp, and why not where it does not, is under test (test/fetch/response-oracle.test.ts).
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
    switch (this.#state) {
      case 'idle':
        throw new ResponseError('bytes came that nobody asked for');
      case 'head':
        this.#readHead(bytes);
        break;
      case 'length':
        this.#readMeasured(bytes, 0);
        break;
      case 'chunked':
        this.#readChunked(bytes, 0);
        break;
      case 'until-close':
        this.#handler.onBody(bytes);
        break;
      default:
        this.#state satisfies never;
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
    const end = bytes.indexOf(headEnd, Math.max(0, this.#partial.length - 3));
    const length = end === -1 ? bytes.length : end;
    if (length > mostHeadBytes) {
      throw new ResponseError('the header section is larger than 16 KiB', 'HEADERS_TOO_LARGE');
    }
    if (end === -1) {
      this.#partial = this.#partial.length === 0 ? Buffer.from(read) : bytes;
      checkBeginning(bytes);
      return;
    }
    this.#partial = empty;
    const head = this.#heads.parse(bytes.toString('latin1', 0, end));
    if (head.status < 200) {
      this.#skipInterim(head.status, bytes.subarray(end + headEnd.length));
      return;
    }
    const framing = framingOf(this.#method, head);
    this.#isPersistent = isPersistent(head, framing) && !mayHaveHiddenBody(head.status, head.headers);
    this.#handler.onHead(head.status, head.headers, typeof framing === 'number' ? framing : -1);
    const at = end + headEnd.length;
    if (typeof framing === 'number') {
      this.#left = framing;
      this.#state = 'length';
      this.#readMeasured(bytes, at);
    } else if (framing === 'chunked') {
      this.#chunks = new ChunkedDecoder();
      this.#state = 'chunked';
      this.#readChunked(bytes, at);
    } else {
      this.#state = 'until-close';
      if (at < bytes.length) {
        this.#handler.onBody(bytes.subarray(at));
      }
    }
  }

  /** 1xx come before the answer and may be ignored (RFC 9110, 15.2), but for a change of protocol. */
  #skipInterim(status: number, rest: Buffer): void {
    if (status === 101) {
      throw new ResponseError('the server changes to a protocol that was not asked for');
    }
    if (rest.length > 0) {
      this.#readHead(rest);
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
    const end = chunks.read(bytes, at, (data) => this.#handler.onBody(data));
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
