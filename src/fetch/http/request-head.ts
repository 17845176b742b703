import type { RequestSpec } from '../../model/task.ts';
import { fieldValue, token } from '../../model/field.ts';
import type { Bytes } from '../../model/units.ts';
import { isForwarded, type Endpoint } from './endpoint.ts';
import { proxyAuthorization } from './proxy/authorization.ts';

/** Methods whose request has a body by definition, so that the lack of one is said (RFC 9110, 8.6). */
const expectsBody = new Set(['POST', 'PUT', 'PATCH']);

/**
 * The head of a request after its path: version, `Host`, fields, the length of the body. One
 * character a byte. Method, names and values were checked where they came in; one that could break
 * out of its line here is a bug, thrown as a `TypeError` rather than sent. `more` are whole lines.
 */
export function requestTail(request: RequestSpec, host: string, more = ''): string {
  return headFields(request, host, more) + headEnd(request);
}

/** All of that but the length of the body: the same for requests with the same method and `headers`. */
export function headFields({ method, headers }: RequestSpec, host: string, more: string): string {
  check(token, method, 'the method');
  check(fieldValue, host, 'the host');
  let fields = '';
  let hasHost = false;
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at]!;
    const value = headers[at + 1]!;
    checkField(name, value);
    fields += `${name}: ${value}\r\n`;
    hasHost ||= name.toLowerCase() === 'host';
  }
  return ` HTTP/1.1\r\n${hasHost ? '' : `host: ${host}\r\n`}${fields}${more}`;
}

/** The length of the body, and the end of the head. */
export function headEnd(request: RequestSpec): string {
  const length = bodyLength(request);
  return length === undefined ? '\r\n' : `content-length: ${length}\r\n\r\n`;
}

/** What `Content-Length` says; undefined: there is no such field. */
export function bodyLength({ method, body }: RequestSpec): Bytes | undefined {
  return body?.byteLength ?? (expectsBody.has(method) ? 0 : undefined);
}

/** The lines that every request to that endpoint has: they are about the connection, not for the server. */
export function connectionFields(endpoint: Endpoint): string {
  const { proxy, isOneShot } = endpoint;
  const authorization = proxy !== undefined && isForwarded(endpoint) ? proxyAuthorization(proxy) : '';
  return `${authorization}${isOneShot === true ? 'connection: close\r\n' : ''}`;
}

/** Throws a `TypeError` for a field that could break out of its place. */
export function checkField(name: string, value: string): void {
  check(token, name, 'the name of a header field');
  check(fieldValue, value, `the value of ${name}`);
}

/** The text itself may be a secret and is not repeated. */
function check(form: RegExp, text: string, what: string): void {
  if (!form.test(text)) {
    throw new TypeError(`${what} has a character that must not be sent`);
  }
}
