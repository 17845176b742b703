import { describe, expect, it } from 'vitest';
import { framingOf, isPersistent, mayHaveHiddenBody, type Framing } from '../../../src/fetch/http/framing.ts';
import { ResponseError } from '../../../src/fetch/http/response-error.ts';
import type { ResponseHead, ResponseHeaders } from '../../../src/fetch/http/response-head.ts';

const head = (headers: ResponseHeaders = {}, status = 200, minorVersion = 1): ResponseHead => ({
  status,
  headers,
  minorVersion,
});
const length = (value: string | string[]) => ({ 'content-length': value });
const coding = (value: string | string[]) => ({ 'transfer-encoding': value });

describe('a body ends (RFC 9112, 6.3)', () => {
  it.each<[string, Framing, string, ResponseHead]>([
    ['with its length', 5, 'GET', head(length('5'))],
    ['at once', 0, 'GET', head(length('0'))],
    ['with a length that has zeros in front', 5, 'GET', head(length('00005'))],
    ['with the longest length', 999_999_999_999_999, 'GET', head(length('9'.repeat(15)))],
    ['with its last chunk', 'chunked', 'GET', head(coding('chunked'))],
    ['with its last chunk, in any case', 'chunked', 'GET', head(coding('ChunKED'))],
    ['with the connection', 'until-close', 'GET', head()],
    ['with the connection, in HTTP/1.0', 'until-close', 'GET', head({ connection: 'keep-alive' }, 200, 0)],
    ['after the head of 205, when it has one', 'until-close', 'GET', head({}, 205)],
    ['before it begins: HEAD', 0, 'HEAD', head(length('5'))],
    ['before it begins: HEAD, chunked', 0, 'HEAD', head(coding('chunked'))],
    ['before it begins: HEAD, whatever it says', 0, 'HEAD', head({ ...length('x'), ...coding('y') })],
    ['before it begins: 204', 0, 'GET', head(length('5'), 204)],
    ['before it begins: 304', 0, 'GET', head(coding('chunked'), 304)],
  ])('%s', (_, framing, method, answer) => {
    expect(framingOf(method, answer)).toBe(framing);
  });

  it.each([
    '',
    '+5',
    '-5',
    ' 5',
    '5 ',
    '5,5',
    '5, 5',
    '5;',
    '0x5',
    '5.0',
    '5e1',
    'five',
    '\u0665',
    '1'.repeat(16),
  ])('refuses Content-Length %j', (value) => {
    expect(() => framingOf('GET', head(length(value)))).toThrow(
      new ResponseError('the Content-Length is malformed'),
    );
  });

  it.each([[['5', '6']], [['5', '5']]])('refuses more than one Content-Length: %j', (values) => {
    expect(() => framingOf('GET', head(length(values)))).toThrow(ResponseError);
  });

  it.each([
    '',
    'identity',
    'gzip',
    'gzip, chunked',
    'chunked, gzip',
    'chunked, chunked',
    'chunked;a=b',
    'xchunked',
    'chunked\v',
  ])('refuses Transfer-Encoding %j', (value) => {
    expect(() => framingOf('GET', head(coding(value)))).toThrow(
      new ResponseError('the Transfer-Encoding is unknown'),
    );
  });

  it.each<[string, ResponseHead, message: string]>([
    ['both', head({ ...length('5'), ...coding('chunked') }), 'the length of the body is given in two ways'],
    ['two codings', head(coding(['chunked', 'chunked'])), 'the Transfer-Encoding is unknown'],
    ['a coding in HTTP/1.0 (6.1)', head(coding('chunked'), 200, 0), 'HTTP/1.0 has no Transfer-Encoding'],
  ])('refuses %s', (_, answer, message) => {
    expect(() => framingOf('GET', answer)).toThrow(new ResponseError(message));
  });
});

describe('a connection persists (RFC 9112, 9.3)', () => {
  it.each<[minorVersion: number, connection: string | string[] | undefined, boolean]>([
    [1, undefined, true],
    [1, 'keep-alive', true],
    [1, '', true],
    [1, 'upgrade, x-close', true],
    [1, 'close', false],
    [1, 'CLOSE', false],
    [1, 'keep-alive, Close', false],
    [1, 'close ,x', false],
    [1, ',\tclose\t,', false],
    [1, ['x', 'close'], false],
    [1, ['close', 'keep-alive'], false],
    [1, 'close x', true],
    [1, 'not-close', true],
    [0, undefined, false],
    [0, 'keep-alive', true],
    [0, 'Keep-Alive', true],
    [0, 'x, keep-alive', true],
    [0, 'keep-alive, close', false],
    [0, 'keep-alive\xa0', false],
    [0, 'x', false],
  ])('HTTP/1.%i, %j: %s', (minorVersion, connection, expected) => {
    const answer = head(connection === undefined ? {} : { connection }, 200, minorVersion);
    expect(isPersistent(answer, 5)).toBe(expected);
    expect(isPersistent(answer, 'until-close')).toBe(false);
  });
});

it.each<[string, boolean, ResponseHead]>([
  ['204 without a word', false, head({}, 204)],
  ['204 with length 0', false, head(length('0'), 204)],
  ['204 with a length', true, head(length('5'), 204)],
  ['304 with a length', true, head(length('5'), 304)],
  ['304 with two lengths', true, head(length(['0', '0']), 304)],
  ['304 in chunks', true, head(coding('chunked'), 304)],
  ['200 with a length', false, head(length('5'))],
])('may have a hidden body: %s: %s', (_, expected, answer) => {
  expect(mayHaveHiddenBody(answer)).toBe(expected);
});
