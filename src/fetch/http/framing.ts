import { ResponseError } from './response-error.ts';
import type { ResponseHead } from './response-head.ts';

/** How the end of a body is found. A number is its length. */
export type Framing = number | 'chunked' | 'until-close';

/**
 * Where the body of an answer ends (RFC 9112, 6.3). Throws a `ResponseError` where two readers could
 * come to different ends, which is what response splitting and smuggling live on.
 */
export function framingOf(method: string, { status, headers, minorVersion }: ResponseHead): Framing {
  if (method === 'HEAD' || status === 204 || status === 304) {
    return 0;
  }
  const coding = headers['transfer-encoding'];
  const length = headers['content-length'];
  if (coding !== undefined) {
    if (length !== undefined) {
      throw new ResponseError('the length of the body is given in two ways');
    }
    if (minorVersion === 0) {
      throw new ResponseError('HTTP/1.0 has no Transfer-Encoding');
    }
    if (typeof coding !== 'string' || coding.toLowerCase() !== 'chunked') {
      throw new ResponseError('the Transfer-Encoding is unknown');
    }
    return 'chunked';
  }
  return length === undefined ? 'until-close' : parseLength(length);
}

/** Whether the connection may carry another request after this answer (RFC 9112, 9.3). */
export function isPersistent({ headers, minorVersion }: ResponseHead, framing: Framing): boolean {
  if (framing === 'until-close') {
    return false;
  }
  const { connection } = headers;
  if (connection === undefined || (connection === 'keep-alive' && minorVersion === 1)) {
    return minorVersion === 1;
  }
  const options = String(connection);
  return !close.test(options) && (minorVersion === 1 || keepAlive.test(options));
}

const close = /(?:^|,)[\t ]*close[\t ]*(?:,|$)/i;
const keepAlive = /(?:^|,)[\t ]*keep-alive[\t ]*(?:,|$)/i;

/** A 204 or 304 that announces a body may be followed by one: then nothing else is safe to read. */
export function mayHaveHiddenBody({ status, headers }: ResponseHead): boolean {
  return (
    (status === 204 || status === 304) &&
    (headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0')
  );
}

function parseLength(length: string | string[]): number {
  if (typeof length !== 'string' || !/^\d{1,15}$/.test(length)) {
    throw new ResponseError('the Content-Length is malformed');
  }
  return Number(length);
}
