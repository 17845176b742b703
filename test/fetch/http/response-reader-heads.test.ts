import { describe, expect, it } from 'vitest';
import { ResponseError } from '../../../src/fetch/http/response-error.ts';
import { ResponseReader } from '../../../src/fetch/http/response-reader.ts';
import { read, readPieces } from './reading/read.ts';

const ok = 'HTTP/1.1 200 OK\r\n';
const measured = `${ok}Content-Length: 5\r\n\r\nhello`;
const bytesOf = (texts: readonly string[]) => texts.map((text) => Buffer.from(text, 'latin1'));

describe('interim answers (RFC 9110, 15.2)', () => {
  const early = 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n';
  const ours = { headers: { 'content-length': '5' }, status: 200, body: 'hello', isReusable: true };

  it.each([
    ['100 Continue', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['several', early + early + 'HTTP/1.1 102 Processing\r\n\r\n'],
    ['one that announces a body', 'HTTP/1.1 103 Early Hints\r\nContent-Length: 7\r\n\r\n'],
  ])('are skipped: %s', (_, interim) => {
    const text = interim + measured;
    expect(read(text)).toMatchObject(ours);
    for (let at = 1; at < text.length; at++) {
      expect(readPieces(bytesOf([text.slice(0, at), text.slice(at)]))).toMatchObject(ours);
    }
  });

  it('are skipped however many come in one read', () => {
    expect(read('HTTP/1.1 102\r\n\r\n'.repeat(20_000) + measured)).toMatchObject(ours);
  });

  it('are no answer', () => {
    expect(read(early)).toEqual({ refused: 'cut off' });
  });

  it('must be well-formed', () => {
    expect(read(`HTTP/1.1 103 Early Hints\r\nLink\r\n\r\n${measured}`)).toEqual({
      refused: 'a header field is malformed',
    });
  });

  it('must not change the protocol', () => {
    expect(read(`HTTP/1.1 101 Switching Protocols\r\n\r\n${measured}`)).toEqual({
      refused: 'the server changes to a protocol that was not asked for',
    });
  });
});

describe('a head of 16 KiB', () => {
  const headOf = (length: number) => {
    const begin = `${ok}Content-Length: 5\r\nX-A: `;
    return `${begin.padEnd(length, 'x')}\r\n\r\nhello`;
  };
  const limit = 16 * 1024;

  it.each([limit - 1, limit])('is taken: %i bytes', (length) => {
    const text = headOf(length);
    expect(read(text)).toMatchObject({ body: 'hello' });
    for (let at = length - 2; at <= length + 5; at++) {
      expect(readPieces(bytesOf([text.slice(0, at), text.slice(at)]))).toMatchObject({ body: 'hello' });
    }
  });

  it('is the limit', () => {
    const refused = { refused: 'the header section is larger than 16 KiB' };
    const text = headOf(limit + 1);
    expect(read(text)).toEqual(refused);
    for (let at = limit - 2; at <= limit + 6; at++) {
      expect(readPieces(bytesOf([text.slice(0, at), text.slice(at)]))).toEqual(refused);
    }
  });

  it('is refused before its end when that does not come', () => {
    const reader = new ResponseReader({ onHead() {}, onBody() {}, onEnd() {} });
    reader.expect('GET');
    reader.read(Buffer.from(ok));
    expect(() => reader.read(Buffer.alloc(limit, 'x'))).toThrow(
      new ResponseError('the header section is larger than 16 KiB', 'HEADERS_TOO_LARGE'),
    );
  });
});

describe('what is no HTTP/1 is refused as soon as it shows:', () => {
  it.each([
    ['another protocol', 'SSH-2.0', 'the answer does not begin as HTTP/1.1'],
    ['another version', 'HTTP/2', 'the answer does not begin as HTTP/1.1'],
    ['one byte of it', 'x', 'the answer does not begin as HTTP/1.1'],
    ['a line that ends in LF', 'HTTP/1.1 200 OK\n', 'a line of the head does not end in CR LF'],
    ['a field that ends in LF', `${ok}a: b\n`, 'a line of the head does not end in CR LF'],
  ])('%s', (_, text, message) => {
    expect(read(text)).toEqual({ refused: message });
  });
});
