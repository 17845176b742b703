import type { RequestSpec } from '../model/task.ts';

/** Methods whose request has a body by definition, so that the lack of one is said (RFC 9110, 8.6). */
const expectsBody = new Set(['POST', 'PUT', 'PATCH']);

/**
 * The head of a request after its path: version, `Host`, fields, the length of the body. One
 * character a byte; method, names and values have been checked where they came in.
 */
export function requestTail({ method, headers, body }: RequestSpec, host: string): string {
  let fields = '';
  let hasHost = false;
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at]!;
    fields += `${name}: ${headers[at + 1]}\r\n`;
    hasHost ||= name.toLowerCase() === 'host';
  }
  if (body !== undefined || expectsBody.has(method)) {
    fields += `content-length: ${body?.byteLength ?? 0}\r\n`;
  }
  return ` HTTP/1.1\r\n${hasHost ? '' : `host: ${host}\r\n`}${fields}\r\n`;
}
