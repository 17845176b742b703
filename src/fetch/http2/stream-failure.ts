import { constants } from 'node:http2';
import type { FailureCode } from '../../model/failure.ts';
import type { Unprocessed } from '../http/channel.ts';
import { ResponseError } from '../http/response-error.ts';

/** Why a stream ended before its answer was whole. */
export interface StreamFailure {
  /** Undefined: the connection was closed. */
  readonly error: Error | undefined;
  /** The server did nothing of the request, so it may be sent again whatever it is (RFC 9113, 8.7). */
  readonly unprocessed: Unprocessed | undefined;
  /** The server wants the request over HTTP/1.1. */
  readonly needsHttp1: boolean;
}

/** A stream that is closed, and what is known around it. */
export interface ClosedStream {
  /** Undefined: it never was sent. */
  readonly id: number | undefined;
  /** The code with which it was reset. */
  readonly code: number;
  readonly error: Error | undefined;
  /** The last that the server looks at. */
  readonly lastStream: number;
  readonly isSocketGone: boolean;
  readonly socketError: Error | undefined;
}

/** What the end of a stream means (codes: RFC 9113, 7; errors: Node's `http2`). */
export function streamFailure(stream: ClosedStream): StreamFailure {
  const { id, code, lastStream } = stream;
  const needsHttp1 = code === constants.NGHTTP2_HTTP_1_1_REQUIRED;
  const isRefused = code === constants.NGHTTP2_REFUSED_STREAM || needsHttp1;
  const isPassedOver = id === undefined || id > lastStream;
  const unprocessed = isPassedOver ? 'passed over' : isRefused ? 'refused' : undefined;
  const error =
    unprocessed !== undefined && stream.socketError === undefined
      ? new ResponseError(`the server did not take the request (${nameOf(code)})`, 'CONNECTION_RESET')
      : errorOf(stream);
  return { error, unprocessed, needsHttp1 };
}

function errorOf({ code, error, isSocketGone, socketError }: ClosedStream): Error | undefined {
  if (socketError !== undefined) {
    return socketError;
  }
  const kind = error !== undefined && 'code' in error ? error.code : undefined;
  if (kind === 'ERR_HTTP2_ERROR') {
    return new ResponseError(`not valid HTTP/2: ${error?.message}`);
  }
  if (kind === 'ERR_HTTP2_SESSION_ERROR') {
    return new ResponseError(`the server ended the session (${nameOf(code)})`, 'CONNECTION_RESET');
  }
  if (isSocketGone && code === constants.NGHTTP2_CANCEL) {
    return undefined; // so Node marks what goes down with its socket
  }
  if (code === constants.NGHTTP2_NO_ERROR) {
    return new ResponseError('the server ended the answer before it was whole', 'CONNECTION_CLOSED');
  }
  return new ResponseError(
    `the stream was reset (${nameOf(code)})`,
    failureCodes[code] ?? 'CONNECTION_RESET',
  );
}

/** Codes of what is malformed; whether we or the server found it, Node does not tell. */
const failureCodes: Readonly<Record<number, FailureCode>> = {
  [constants.NGHTTP2_PROTOCOL_ERROR]: 'BAD_RESPONSE',
  [constants.NGHTTP2_FLOW_CONTROL_ERROR]: 'BAD_RESPONSE',
  [constants.NGHTTP2_STREAM_CLOSED]: 'BAD_RESPONSE',
  [constants.NGHTTP2_FRAME_SIZE_ERROR]: 'BAD_RESPONSE',
  [constants.NGHTTP2_COMPRESSION_ERROR]: 'BAD_RESPONSE',
};

function nameOf(code: number): string {
  return names[code] ?? `error ${code}`;
}

/** RFC 9113, 7. */
const names = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];
