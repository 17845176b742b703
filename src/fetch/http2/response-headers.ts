import { ResponseError } from '../http/response-error.ts';
import { addField, mostHeadBytes, type ResponseHeaders } from '../http/response-head.ts';

/**
 * The header fields of an answer in the form that they have with HTTP/1.1, from names and values in
 * turn. Throws a `ResponseError` when they are larger than what is taken there.
 */
export function responseHeaders(raw: readonly string[]): ResponseHeaders {
  const headers: Record<string, string | string[]> = {};
  let bytes = 0;
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at]!;
    const value = raw[at + 1]!;
    bytes += name.length + value.length + ': \r\n'.length;
    if (!name.startsWith(':')) {
      addField(headers, name, value);
    }
  }
  if (bytes > mostHeadBytes) {
    throw new ResponseError('the header section is larger than 16 KiB', 'HEADERS_TOO_LARGE');
  }
  return headers;
}
