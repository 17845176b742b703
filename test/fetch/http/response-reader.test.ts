import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ResponseError } from '../../../src/fetch/http/response-error.ts';
import { ResponseReader } from '../../../src/fetch/http/response-reader.ts';
import { cut, validAnswer, type Field } from './reading/arbitrary.ts';
import { read, readPieces } from './reading/read.ts';

const ok = 'HTTP/1.1 200 OK\r\n';
const measured = `${ok}Content-Length: 5\r\n\r\nhello`;
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n`;
const untilClose = `${ok}X-A: b\r\n\r\nhello`;
const bytesOf = (texts: readonly string[]) => texts.map((text) => Buffer.from(text, 'latin1'));

describe('an answer', () => {
  it.each<[string, string, ReturnType<typeof read>]>([
    [
      'with a length',
      measured,
      { status: 200, headers: { 'content-length': '5' }, length: 5, body: 'hello', isReusable: true },
    ],
    [
      'in chunks',
      chunked,
      {
        status: 200,
        headers: { 'transfer-encoding': 'chunked' },
        length: -1,
        body: 'hello',
        isReusable: true,
      },
    ],
    [
      'until the connection closes',
      untilClose,
      { status: 200, headers: { 'x-a': 'b' }, length: -1, body: 'hello', isReusable: false },
    ],
    [
      '204',
      'HTTP/1.1 204 No Content\r\n\r\n',
      { status: 204, headers: {}, length: 0, body: '', isReusable: true },
    ],
    [
      'in HTTP/1.0 that is kept alive',
      measured.replace('1.1', '1.0').replace('\r\n', '\r\nConnection: Keep-Alive\r\n'),
      {
        status: 200,
        headers: { connection: 'Keep-Alive', 'content-length': '5' },
        length: 5,
        body: 'hello',
        isReusable: true,
      },
    ],
  ])('%s, cut anywhere', (_, text, expected) => {
    expect(read(text)).toEqual(expected);
    expect(readPieces(bytesOf(text.split('')))).toEqual(expected);
    for (let at = 1; at < text.length; at++) {
      expect(readPieces(bytesOf([text.slice(0, at), text.slice(at)]))).toEqual(expected);
    }
  });

  it('to HEAD has no body (RFC 9112, 6.3)', () => {
    const { 0: head } = measured.split('hello');
    expect(read(head!, 'HEAD')).toMatchObject({ length: 0, body: '', isReusable: true });
  });

  it.each(['Content-Length: 5', 'Transfer-Encoding: chunked'])(
    'that must not have a body but announces one spoils the connection: %s',
    (line) => {
      for (const status of ['204 No Content', '304 Not Modified']) {
        const text = `HTTP/1.1 ${status}\r\n${line}\r\n\r\n`;
        expect(read(text)).toMatchObject({ body: '', isReusable: false });
      }
    },
  );

  it('that is cut off anywhere before its end is refused', () => {
    for (const whole of [measured, chunked]) {
      for (let at = 0; at < whole.length; at++) {
        expect(read(whole.slice(0, at))).toEqual({ refused: 'cut off' });
      }
    }
  });

  it('is read the same however it is cut, whatever becomes of the memory', () => {
    fc.assert(
      fc.property(validAnswer, fc.array(fc.nat(600), { maxLength: 6 }), (answer, cuts) => {
        const { method, text, status, fields, body, isReusable } = answer;
        const pieces = cut(text, cuts).filter((piece) => piece !== '');
        const headers = headersOf(fields);
        expect(readPieces(bytesOf(pieces), method)).toEqual({
          status,
          headers,
          length: expect.any(Number),
          body,
          isReusable,
        });
      }),
      { numRuns: 1500 },
    );
  });

  it('comes after another on the same connection', () => {
    const events: string[] = [];
    const reader = new ResponseReader({
      onHead: (status, headers) => events.push(`${status} ${JSON.stringify(headers)}`),
      onBody: (bytes) => events.push(bytes.toString()),
      onEnd: (isReusable) => events.push(`end ${isReusable}`),
    });
    for (const answer of [measured, chunked, measured]) {
      expect(reader.isIdle).toBe(true);
      reader.expect('GET');
      expect(reader.isIdle).toBe(false);
      bytesOf(cut(answer, [40, 70])).forEach((bytes) => reader.read(bytes));
    }
    expect(events.filter((event) => event.startsWith('end'))).toEqual(['end true', 'end true', 'end true']);
    expect(events.filter((event) => /^[a-z]+$/.test(event)).join('')).toBe('hello'.repeat(3));
    expect(events[0]).toBe('200 {"content-length":"5"}');
  });
});

describe('bytes that nobody asked for', () => {
  it.each([measured, chunked, 'HTTP/1.1 204 No Content\r\n\r\n'])(
    'after an answer spoil the connection: %j',
    (answer) => {
      for (const extra of ['\r\n', 'x', measured]) {
        expect(read(answer + extra)).toMatchObject({ isReusable: false });
        expect(readPieces(bytesOf([answer, extra]))).toEqual({ refused: 'bytes came that nobody asked for' });
      }
    },
  );

  it('before any request are refused', () => {
    const reader = new ResponseReader({ onHead() {}, onBody() {}, onEnd() {} });
    expect(() => reader.read(Buffer.from(measured))).toThrow(ResponseError);
  });
});

describe('an answer that is given up', () => {
  it.each<[string, string]>([
    ['onHead', measured],
    ['onHead', chunked],
    ['onHead', untilClose],
    ['onBody', measured],
    ['onBody', chunked],
    ['onBody', untilClose],
  ])('in %s is heard of no more: %j', (when, text) => {
    const events: string[] = [];
    const tell = (event: string) => {
      events.push(event);
      if (event === when) {
        reader.abandon();
      }
    };
    const reader = new ResponseReader({
      onHead: () => tell('onHead'),
      onBody: () => tell('onBody'),
      onEnd: () => tell('onEnd'),
    });
    reader.expect('GET');
    reader.read(Buffer.from(text));
    expect(events).toEqual(when === 'onHead' ? ['onHead'] : ['onHead', 'onBody']);
    expect(reader.isIdle).toBe(true);
    expect(reader.end()).toBe(true);
  });

  it('leaves nothing behind for the next', () => {
    let body = '';
    const reader = new ResponseReader({
      onHead() {},
      onBody: (bytes) => (body += bytes.toString()),
      onEnd() {},
    });
    for (const beginning of [measured.slice(0, 30), chunked.slice(0, -9), measured.slice(0, -2)]) {
      reader.expect('GET');
      reader.read(Buffer.from(beginning));
      reader.abandon();
      body = '';
      reader.expect('GET');
      reader.read(Buffer.from(chunked));
      expect(body).toBe('hello');
    }
  });
});

function headersOf(fields: readonly Field[]) {
  const values = Map.groupBy(fields, ([name]) => name.toLowerCase());
  return Object.fromEntries(
    [...values].map(([name, all]) => [name, all.length === 1 ? all[0]![1] : all.map(([, value]) => value)]),
  );
}
