import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ResponseError } from '../../../src/fetch/http/response-error.ts';
import { HeadParser, type ResponseHead } from '../../../src/fetch/http/response-head.ts';
import { field } from './reading/arbitrary.ts';

/** A head of these field lines, without the empty line at its end. */
const head = (...lines: readonly string[]) => ['HTTP/1.1 200 OK', ...lines].join('\r\n');
const parse = (text: string) => new HeadParser().parse(text);
const fieldsOf = (text: string) => Object.entries(parse(text).headers);

describe('a status line (RFC 9112, 4)', () => {
  it.each<[string, status: number, minorVersion: number]>([
    ['HTTP/1.1 200 OK', 200, 1],
    ['HTTP/1.0 404 Not Found', 404, 0],
    ['HTTP/1.1 200 ', 200, 1],
    ['HTTP/1.1 200', 200, 1],
    ['HTTP/1.1 200  two  spaces ', 200, 1],
    ['HTTP/1.1 200 tab\tand \xe9', 200, 1],
    ['HTTP/1.1 100 Continue', 100, 1],
    ['HTTP/1.1 999 Unknown', 999, 1],
  ])('%j', (line, status, minorVersion) => {
    expect(parse(line)).toEqual({ status, minorVersion, headers: {} });
    expect(parse(`${line}\r\nA: b`)).toEqual({ status, minorVersion, headers: { a: 'b' } });
  });

  it.each([
    '',
    'HTTP/1.1',
    'HTTP/1.1 ',
    'HTTP/1.1 20',
    'HTTP/1.1 2000 OK',
    'HTTP/1.1 099 OK',
    'HTTP/1.1 OK',
    'HTTP/1.1  200 OK',
    'HTTP/1.1\t200 OK',
    'HTTP/1.1 200\tOK',
    'HTTP/1.1 200OK',
    'HTTP/1.2 200 OK',
    'HTTP/2.0 200 OK',
    'HTTP/11 200 OK',
    'http/1.1 200 OK',
    ' HTTP/1.1 200 OK',
    '\r\nHTTP/1.1 200 OK',
    'HTTP/1.1 200 O\0K',
    'HTTP/1.1 200 O\rK',
    'HTTP/1.1 200 O\nK',
    'HTTP/1.1 200 OK\n',
    'HTTP/1.1 200 OK\r',
    'HTTP/1.1 200 O\x7fK',
    'ICY 200 OK',
  ])('refuses %j', (line) => {
    expect(() => parse(line)).toThrow(new ResponseError('the status line is malformed'));
  });
});

describe('header fields (RFC 9112, 5)', () => {
  it.each<[string, readonly string[], ReturnType<typeof fieldsOf>]>([
    ['names in odd case', ['CoNTent-TYPE: A/b'], [['content-type', 'A/b']]],
    ['every character of a token', ["!#$%&'*+.^_`|~09AZaz-: x"], [["!#$%&'*+.^_`|~09azaz-", 'x']]],
    ['no white space', ['a:b'], [['a', 'b']]],
    ['white space around', ['a: \t b c\t '], [['a', 'b c']]],
    ['only spaces and tabs for white space', ['a: \xa0b\xa0'], [['a', '\xa0b\xa0']]],
    ['nothing in it', ['a:'], [['a', '']]],
    ['white space in it', ['a: \t '], [['a', '']]],
    ['colons in it', ['a: b:c: d'], [['a', 'b:c: d']]],
    ['bytes beyond ASCII', ['a: \x80\xff'], [['a', '\x80\xff']]],
    [
      'a repeated one',
      ['a: 1', 'b: 2', 'A: 3', 'a: 1'],
      [
        ['a', ['1', '3', '1']],
        ['b', '2'],
      ],
    ],
    ['__proto__', ['__proto__: a'], [['__proto__', 'a']]],
    [
      '__proto__ repeated',
      ['__PROTO__: a', '__proto__: b', '__proto__: c'],
      [['__proto__', ['a', 'b', 'c']]],
    ],
    ['constructor repeated', ['constructor: a', 'constructor: b'], [['constructor', ['a', 'b']]]],
  ])('%s', (_, lines, fields) => {
    expect(fieldsOf(head(...lines))).toEqual(fields);
  });

  it('change no prototype', () => {
    const { headers } = parse(head('__proto__: a', 'constructor: b'));
    expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
    expect(Object.keys({})).toEqual([]);
  });

  it.each([
    ['no colon', 'abc'],
    ['no name', ': b'],
    ['an empty line in between', ''],
    ['a space before the colon (5.1)', 'a : b'],
    ['a tab before the colon', 'a\t: b'],
    ['a space in the name', 'a b: c'],
    ['a byte beyond ASCII in the name', '\xe9: c'],
    ['a control character in the name', 'a\x01: c'],
    ['NUL', 'a: b\0c'],
    ['DEL', 'a: b\x7fc'],
    ['vertical tab at the end', 'a: b\v'],
    ['a bare CR (2.2)', 'a: b\rc: d'],
    ['a bare CR at the end', 'a: b\r'],
    ['a bare LF (2.2)', 'a: b\nc: d'],
    ['a bare LF at the end', 'a: b\n'],
  ])('refuses %s', (_, line) => {
    for (const text of [head(line), head('x: y', line), head(line, 'x: y')]) {
      expect(() => parse(text)).toThrow(new ResponseError('a header field is malformed'));
    }
  });
});

describe('a folded field (RFC 9112, 5.2)', () => {
  it.each<[string, readonly string[], ReturnType<typeof fieldsOf>]>([
    ['a space', ['a: b', ' c'], [['a', 'b c']]],
    ['a tab, and more around', ['a: b \t', '\t \tc '], [['a', 'b c']]],
    [
      'twice',
      ['a: b', ' c', ' d', 'e: f'],
      [
        ['a', 'b c d'],
        ['e', 'f'],
      ],
    ],
    ['from the beginning', ['a:', ' b'], [['a', 'b']]],
    ['with nothing', ['a: b', ' ', '\t', ' c'], [['a', 'b c']]],
    ['what looks like a field', ['a: b', ' c: d'], [['a', 'b c: d']]],
    ['a repeated one', ['a: 1', 'a: 2', ' 3', 'a: 4'], [['a', ['1', '2 3', '4']]]],
    ['__proto__', ['__proto__: a', ' b'], [['__proto__', 'a b']]],
    ['no other white space', ['a:', ' \xa0'], [['a', '\xa0']]],
  ])('%s', (_, lines, fields) => {
    expect(fieldsOf(head(...lines))).toEqual(fields);
  });

  it.each([
    ['before any field', [' a: b']],
    ['a control character', ['a: b', ' c\0']],
    ['a bare CR', ['a: b', ' c\rd']],
  ])('refuses %s', (_, lines) => {
    expect(() => parse(head(...lines))).toThrow(new ResponseError('a header field is malformed'));
  });
});

describe('what is known from the head before', () => {
  it.each<[string, string, string]>([
    ['a longer value', head('a: b', 'c: d'), head('a: bb', 'c: d')],
    ['a shorter value', head('a: bb', 'c: d'), head('a: b', 'c: d')],
    ['a shorter head', head('a: b', 'c: d', 'e: f'), head('a: b')],
    ['a longer head', head('a: b'), head('a: b', 'c: d')],
    ['a field that is now folded', head('a: b', 'c: d'), head('a: b', ' c: d')],
    ['a field that is folded no more', head('a: b', ' c'), head('a: b', 'c: d')],
    ['the same fold', head('a: b', ' c'), head('a: b', ' c')],
    ['the fold of another field', head('a: b', ' c'), head('x: y', ' c')],
    ['another status of the same length', 'HTTP/1.1 200 OK', 'HTTP/1.1 201 OK'],
    ['a longer reason', 'HTTP/1.1 200 OK', 'HTTP/1.1 200 OKAY'],
  ])('does not mix in: %s', (_, first, second) => {
    const parser = new HeadParser();
    parser.parse(first);
    expect(parser.parse(second)).toEqual(parse(second));
    expect(parser.parse(first)).toEqual(parse(first));
  });

  it('is checked, not trusted: a known line that goes on', () => {
    const parser = new HeadParser();
    parser.parse(head('a: b'));
    expect(() => parser.parse(head('a: b\nc: d'))).toThrow(ResponseError);
    expect(() => parser.parse(head('a: b\r'))).toThrow(ResponseError);
    expect(() => parser.parse('HTTP/1.1 200 OK\0')).toThrow(ResponseError);
  });

  it('does not share arrays between heads', () => {
    const parser = new HeadParser();
    const first = parser.parse(head('a: 1', 'a: 2'));
    parser.parse(head('a: 1', 'a: 2', 'a: 3'));
    expect(first.headers).toEqual({ a: ['1', '2'] });
  });

  it('changes nothing, whatever heads come one after the other', () => {
    fc.assert(
      fc.property(fc.array(anyHead, { minLength: 2, maxLength: 8 }), (heads) => {
        const parser = new HeadParser();
        for (const text of heads) {
          expect(outcome(parser, text)).toEqual(outcome(new HeadParser(), text));
        }
      }),
      { numRuns: 1500 },
    );
  });
});

/** Few different lines, so that heads share them, some broken, some the beginnings of others. */
const anyLine = fc.oneof(
  fc.constantFrom(
    'a: b',
    'a: bb',
    'A: b',
    'a:b',
    'a',
    'c: d',
    ' c: d',
    ' ',
    '\tx',
    '',
    '__proto__: x',
    'a: b\r',
    'a: b\nc: d',
  ),
  field.map(([name, value]) => `${name}: ${value}`),
);
const anyHead = fc
  .tuple(
    fc.constantFrom(
      'HTTP/1.1 200 OK',
      'HTTP/1.1 200 OK\0',
      'HTTP/1.1 204 OK',
      'HTTP/1.1 200',
      'HTTP/1.0 200',
      'HTTP/1.1 2',
    ),
    fc.array(anyLine, { maxLength: 6 }),
  )
  .map(([status, lines]) => [status, ...lines].join('\r\n'));

function outcome(parser: HeadParser, text: string): ResponseHead | string {
  try {
    return parser.parse(text);
  } catch (error) {
    return String(error);
  }
}
