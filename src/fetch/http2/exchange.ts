import { constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import type { ChannelOwner } from '../http/channel.ts';
import { ResponseError } from '../http/response-error.ts';
import type { RequestSpec } from '../../model/task.ts';
import type { Fields } from './request-fields.ts';
import { responseHeaders } from './response-headers.ts';
import { streamFailure, type ClosedStream, type StreamFailure } from './stream-failure.ts';

/** How an exchange came to its end. */
export type Outcome = 'answered' | 'cancelled' | StreamFailure;

/** Told of an exchange. */
export interface ExchangeHandler {
  readonly owner: Pick<ChannelOwner, 'onBytes' | 'onHead' | 'onBody'>;
  onOver(outcome: Outcome): void;
}

/** What its session knows when a stream is closed. */
export interface SessionContext {
  context(): Pick<ClosedStream, 'lastStream' | 'isSocketGone' | 'socketError'>;
}

/** A request and its answer: one HTTP/2 stream. */
export class Exchange {
  readonly #stream: ClientHttp2Stream;
  readonly #handler: ExchangeHandler & SessionContext;
  #error: Error | undefined;
  /** The server has ended the answer, rather than the stream having been cut off. */
  #hasEnd = false;
  #isOver = false;

  constructor(
    session: ClientHttp2Session,
    fields: Fields,
    body: RequestSpec['body'],
    handler: ExchangeHandler & SessionContext,
  ) {
    this.#handler = handler;
    const stream = session.request(fields, { endStream: body === undefined });
    this.#stream = stream;
    this.#watchEnd();
    stream.on('headers', () => this.#isOver || handler.owner.onBytes()); // 1xx
    stream.on('response', (headers, _, raw) => this.#onHead(headers, raw));
    stream.on('error', (error) => (this.#error = error));
    stream.on('close', () => this.#onClose());
    if (body !== undefined) {
      stream.end(body);
    }
  }

  /** Forgets it and tells the server so. */
  cancel(): void {
    this.#end('cancelled');
  }

  /**
   * Node ends a stream in the same way when the server has ended it and when it was cut off with
   * NO_ERROR, as Envoy does when what is behind it fails. But in the first case it is not closed yet.
   */
  #watchEnd(): void {
    const stream = this.#stream;
    const push = stream.push.bind(stream);
    stream.push = (chunk: unknown, encoding?: BufferEncoding) => {
      this.#hasEnd ||= chunk === null && !stream.closed;
      return push(chunk, encoding);
    };
  }

  #onHead({ ':status': status = 0, 'content-length': length }: Head, raw: readonly string[]): void {
    if (this.#isOver) {
      return;
    }
    const { owner } = this.#handler;
    owner.onBytes();
    try {
      owner.onHead(status, responseHeaders(raw), length === undefined ? -1 : Number(length));
    } catch (error) {
      if (!(error instanceof ResponseError)) {
        throw error; // a bug
      }
      this.#end({ error, unprocessed: undefined, needsHttp1: false });
      return;
    }
    const stream = this.#stream;
    stream.on('data', (bytes: Buffer) => this.#isOver || owner.onBody(bytes));
    stream.on('end', () => this.#hasEnd && this.#end('answered'));
  }

  #onClose(): void {
    if (!this.#isOver) {
      const { id, rstCode: code } = this.#stream;
      this.#end(streamFailure({ id, code, error: this.#error, ...this.#handler.context() }));
    }
  }

  #end(outcome: Outcome): void {
    if (this.#isOver) {
      return;
    }
    this.#isOver = true;
    if (!this.#stream.writableFinished || outcome !== 'answered') {
      this.#stream.close(constants.NGHTTP2_CANCEL); // what is still to be sent or to come is of no use
    }
    this.#handler.onOver(outcome);
  }
}

/** What Node has parsed of a head. */
interface Head {
  readonly ':status'?: number | undefined;
  readonly 'content-length'?: string | undefined;
}
