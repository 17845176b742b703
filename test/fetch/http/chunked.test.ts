import { describe, expect, it } from 'vitest';
import { ChunkedDecoder } from '../../../src/fetch/http/chunked.ts';
import { ResponseError } from '../../../src/fetch/http/response-error.ts';

interface Decoded {
  readonly body: string;
  readonly isDone: boolean;
  /** What was not read of the last piece. */
  readonly rest: string;
}

function decode(...pieces: readonly string[]): Decoded {
  const decoder = new ChunkedDecoder();
  let body = '';
  let rest = '';
  for (const piece of pieces) {
    const bytes = Buffer.from(`before${piece}`, 'latin1');
    const end = decoder.read(bytes, 6, { onBody: (data) => (body += data.toString('latin1')) });
    rest = bytes.toString('latin1', end);
  }
  return { body, isDone: decoder.isDone, rest };
}

const last = '0\r\n\r\n';
const done = (body: string, rest = ''): Decoded => ({ body, isDone: true, rest });

describe('chunks (RFC 9112, 7.1)', () => {
  it.each<[string, string, Decoded]>([
    ['none', last, done('')],
    ['one', `5\r\nhello\r\n${last}`, done('hello')],
    ['several', `1\r\nh\r\n3\r\nell\r\n1\r\no\r\n${last}`, done('hello')],
    [
      'hexadecimal, in both cases',
      `a\r\n0123456789\r\nA\r\n0123456789\r\n${last}`,
      done('0123456789'.repeat(2)),
    ],
    ['zeros in front', `000000000005\r\nhello\r\n000${last}`, done('hello')],
    ['line ends in the data', `6\r\n\r\n0\r\n\r\r\n${last}`, done('\r\n0\r\n\r')],
    ['the next answer', `${last}HTTP/1.1 200 OK`, done('', 'HTTP/1.1 200 OK')],
    ['bad white space after a size', `5 \t\r\nhello\r\n0 \r\n\r\n`, done('hello')],
  ])('%s', (_, text, expected) => {
    expect(decode(text)).toEqual(expected);
    for (let at = 1; at < text.length - expected.rest.length; at++) {
      expect(decode(text.slice(0, at), text.slice(at))).toEqual(expected);
    }
  });

  it.each([
    ['no size', '\r\nhello'],
    ['no hexadecimal size', 'g\r\n'],
    ['a sign', '+5\r\n'],
    ['a prefix', '0x5\r\n'],
    ['white space in front', ' 5\r\n'],
    ['other white space', '5\v\r\n'],
    ['two sizes', '5 5\r\n'],
    ['more digits than can be counted', '1000000000000\r\n'],
    ['too many zeros', '0000000000005\r\n'],
  ])('refuse %s', (_, text) => {
    expect(() => decode(text)).toThrow(new ResponseError('a chunk size is malformed'));
  });

  it.each([
    ['a size that ends in LF', '5\nhello\r\n'],
    ['data that end in LF', '5\r\nhello\n'],
    ['a last line that ends in LF', '0\r\n\n'],
  ])('refuse %s (2.2)', (_, text) => {
    expect(() => decode(text)).toThrow(
      new ResponseError('a line of the chunked coding does not end in CR LF'),
    );
  });

  it.each(['5\r\nhello!\r\n', '5\r\nhello0\r\n\r\n', '5\r\nhello\r\r\n'])(
    'refuse data beyond the size: %j',
    (text) => {
      expect(() => decode(text)).toThrow(new ResponseError('a chunk is longer than its size'));
    },
  );

  it.each([
    '',
    '5',
    '5\r',
    '5\r\nhel',
    '5\r\nhello',
    '5\r\nhello\r\n',
    '5\r\nhello\r\n0\r\n',
    '0\r\na: b\r\n',
  ])('wait for the rest of %j', (text) => {
    expect(decode(text)).toMatchObject({ isDone: false, rest: '' });
  });
});

describe('chunk extensions (RFC 9112, 7.1.1) are dropped', () => {
  it.each([';a', ';a=b', ';a="b"', ';a=""', ';a;b=c;d', ' ; a = b ; c', ';a="b;c\\"d, \xe9"', '\t;\ta'])(
    '%j',
    (extension) => {
      expect(decode(`5${extension}\r\nhello\r\n0${extension}\r\n\r\n`)).toEqual(done('hello'));
    },
  );

  it.each([
    ';',
    ';=',
    ';a=',
    ';=b',
    ';a b',
    ';a=b c',
    ';a="b',
    ';a="b\\"',
    ';a="b"c',
    ';a\0',
    ';a\rb',
    ';a="\0"',
    ',a',
  ])('or refused: %j', (extension) => {
    expect(() => decode(`5${extension}\r\n`)).toThrow(new ResponseError('a chunk size is malformed'));
  });

  it('or refused when they are too long', () => {
    const fits = `5;${'a'.repeat(4093)}\r\nhello\r\n${last}`;
    expect(decode(fits)).toEqual(done('hello'));
    const tooLong = new ResponseError('a line of the chunked coding is too long');
    expect(() => decode(`5;${'a'.repeat(4094)}\r\n`)).toThrow(tooLong);
    expect(() => decode('5;', 'a'.repeat(4096))).toThrow(tooLong);
  });

  it('in time that grows with their length only', () => {
    for (const fill of [' ', '\t ', ';a', '"', ';a="\\"']) {
      expect(() => decode(`5;a=${fill.repeat(4000 / fill.length)}\0\r\n`)).toThrow(ResponseError);
    }
  });
});

describe('trailers (RFC 9112, 7.1.2) are dropped', () => {
  it.each(['a: b\r\n', 'a:\r\n', 'a: b\r\nc: d\r\n', 'Content-Length: 7\r\n', 'a: \xe9\t\r\n'])(
    '%j',
    (trailer) => {
      expect(decode(`0\r\n${trailer}\r\n`, '')).toEqual(done(''));
    },
  );

  it.each(['a\r\n', ': b\r\n', 'a : b\r\n', 'a: \0\r\n', 'a: b\rc\r\n', 'a: b\r\n folded\r\n'])(
    'or refused: %j',
    (trailer) => {
      expect(() => decode(`0\r\n${trailer}\r\n`)).toThrow(new ResponseError('a trailer field is malformed'));
    },
  );

  it('or refused when they are too many', () => {
    const fits = `a:${'b'.repeat(1022)}\r\n`.repeat(16);
    expect(decode(`0\r\n${fits}\r\n`)).toEqual(done(''));
    expect(() => decode(`0\r\n${fits}a:\r\n`)).toThrow(
      new ResponseError('the trailer section is too long', 'HEADERS_TOO_LARGE'),
    );
  });
});

it('hands out nothing after it was stopped, even of the same read', () => {
  const decoder = new ChunkedDecoder();
  const seen: string[] = [];
  const onBody = (data: Buffer) => {
    seen.push(data.toString());
    decoder.stop();
  };
  decoder.read(Buffer.from(`1\r\na\r\n1\r\nb\r\n${last}`), 0, { onBody });
  expect(seen).toEqual(['a']);
});
