import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ResponseError } from '../../src/fetch/response-error.ts';
import { ResponseReader } from '../../src/fetch/response-reader.ts';
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
    expect(readPieces(bytesOf([...text]))).toEqual(expected);
    for (let at = 1; at < text.length; at++) {
      expect(readPieces(bytesOf([text.slice(0, at), text.slice(at)]))).toEqual(expected);
    }
  });

  it('to HEAD has no body (RFC 9112, 6.3)', () => {
    const { 0: head } = measured.split('hello');
    expect(read(head!, 'HEAD')).toMatchObject({ length: 0, body: '', isReusable: true });
  });

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
        expect(readPieces(bytesOf(pieces), method)).toMatchObject({ status, body, isReusable });
        expect(readPieces(bytesOf(pieces), method)).toMatchObject({ headers: headersOf(fields) });
        expect(readPieces(bytesOf(pieces), method)).toEqual(read(text, method));
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
