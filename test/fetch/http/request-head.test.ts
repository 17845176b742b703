import { describe, expect, it } from 'vitest';
import { requestTail } from '../../../src/fetch/http/request-head.ts';

const of = (method: string, headers: readonly string[] = [], body?: string) =>
  requestTail(
    { method, headers, body: body === undefined ? undefined : Buffer.from(body) },
    'example.com:81',
  );

it.each<[string, string, string]>([
  ['nothing but the host', of('GET'), ''],
  ['fields in their order and case', of('GET', ['X-B', '1', 'x-a', '2']), 'X-B: 1\r\nx-a: 2\r\n'],
  ['repeated fields', of('GET', ['a', '1', 'a', '2']), 'a: 1\r\na: 2\r\n'],
  ['an empty value', of('GET', ['a', '']), 'a: \r\n'],
  ['one character a byte', of('GET', ['a', '\t\xe9\xff']), 'a: \t\xe9\xff\r\n'],
  ['the length of a body in bytes', of('POST', [], 'h\u00e9'), 'content-length: 3\r\n'],
  ['an empty body', of('POST', [], ''), 'content-length: 0\r\n'],
  ['a body that is unusual', of('GET', [], 'ab'), 'content-length: 2\r\n'],
  ['no body where one is usual: POST (RFC 9110, 8.6)', of('POST'), 'content-length: 0\r\n'],
  ['no body where one is usual: PUT', of('PUT'), 'content-length: 0\r\n'],
  ['no body where one is usual: PATCH', of('PATCH'), 'content-length: 0\r\n'],
  ['no body where none is usual', of('DELETE'), ''],
])('%s', (_, tail, fields) => {
  expect(tail).toBe(` HTTP/1.1\r\nhost: example.com:81\r\n${fields}\r\n`);
});

it.each(['Host', 'host', 'HOST'])('%s given by the user replaces our own', (name) => {
  expect(of('GET', ['a', '1', name, 'other'])).toBe(` HTTP/1.1\r\na: 1\r\n${name}: other\r\n\r\n`);
});

describe('what would break out of its line is a bug and is not sent:', () => {
  // The last two are CR and LF when they are written one byte a character.
  const breaks = ['\r', '\n', '\r\nx: y', '\0', '\x7f', '\u010d', '\u010a'];

  it.each(breaks)('%j', (text) => {
    const secret = `secret${text}`;
    for (const send of [
      () => of('GET', ['a', secret]),
      () => of('GET', ['a', '1', secret, 'b']),
      () => of(secret),
      () => requestTail({ method: 'GET', headers: [], body: undefined }, secret),
    ]) {
      expect(send).toThrow(TypeError);
    }
    expect(() => of('GET', ['a', secret])).toThrow('the value of a has a character that must not be sent');
  });

  it.each(['', 'a b', 'a:', '(a)'])('%j for a name or a method', (text) => {
    expect(() => of('GET', [text, 'b'])).toThrow(TypeError);
    expect(() => of(text)).toThrow(TypeError);
  });
});
