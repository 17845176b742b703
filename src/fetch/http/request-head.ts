import type { RequestSpec } from '../../model/task.ts';
import { fieldValue, token } from '../../model/field.ts';

/** Methods whose request has a body by definition, so that the lack of one is said (RFC 9110, 8.6). */
const expectsBody = new Set(['POST', 'PUT', 'PATCH']);

/**
 * The head of a request after its path: version, `Host`, fields, the length of the body. One
 * character a byte. Method, names and values were checked where they came in; one that could break
 * out of its line here is a bug, thrown as a `TypeError` rather than sent.
 */
export function requestTail({ method, headers, body }: RequestSpec, host: string): string {
  check(token, method, 'the method');
  check(fieldValue, host, 'the host');
  let fields = '';
  let hasHost = false;
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at]!;
    const value = headers[at + 1]!;
    check(token, name, 'the name of a header field');
    check(fieldValue, value, `the value of ${name}`);
    fields += `${name}: ${value}\r\n`;
    hasHost ||= name.toLowerCase() === 'host';
  }
  if (body !== undefined || expectsBody.has(method)) {
    fields += `content-length: ${body?.byteLength ?? 0}\r\n`;
  }
  return ` HTTP/1.1\r\n${hasHost ? '' : `host: ${host}\r\n`}${fields}\r\n`;
}

/** The text itself may be a secret and is not repeated. */
function check(form: RegExp, text: string, what: string): void {
  if (!form.test(text)) {
    throw new TypeError(`${what} has a character that must not be sent`);
  }
}
