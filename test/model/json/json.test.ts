import { isUtf8 } from 'node:buffer';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJson } from '../../../src/model/json/json.ts';

describe('isJson', () => {
  it.each([
    '0',
    '-0',
    '10',
    '-1.5e+10',
    '1E5',
    '0.0e-0',
    'true',
    'false',
    'null',
    '""',
    '[]',
    '{}',
    ' \t\r\n[ ]\n',
    '{"a":{"b":[1,2,{}]},"c":[]}',
    String.raw`"\"\\\/\b\f\n\r\t\u00e9\uD83D"`,
    '"é漢😀\u007f\u2028"',
    '{"a" : 1 , "a" : 2 }',
  ])('accepts %j', (text) => {
    expect(isJson(Buffer.from(text))).toBe(true);
  });

  it.each([
    '',
    ' ',
    '\uFEFF1',
    '01',
    '-',
    '+1',
    '.5',
    '1.',
    '1e',
    '1e+',
    '1.e1',
    '0x1',
    'tru',
    'truee',
    'nul',
    'fals',
    'True',
    'NaN',
    '1 2',
    '"',
    '"\\',
    '"\\"',
    '"\\x"',
    '"\\u12g4"',
    '"\\u123',
    '"\\u{41}"',
    '"\n"',
    '"\u0000"',
    "'a'",
    '[',
    ']',
    '[1',
    '[1,]',
    '[,1]',
    '[1 2]',
    '[1}',
    '{',
    '}',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{,}',
    '{1:2}',
    '{"a":1]',
    '{"a",1}',
    '{"a"::1}',
    '1,2',
    '1:2',
    ',',
    ':',
    '[1]]',
    '\u00a01',
    '\v1',
    '/**/1',
  ])('refuses %j', (text) => {
    expect(isJson(Buffer.from(text))).toBe(false);
  });

  it('looks at the first `length` bytes only', () => {
    const bytes = Buffer.from('true, "\\u0041"]');
    const verdicts = Array.from(bytes, (_, length) => isJson(bytes, length));
    expect(verdicts).toEqual(Array.from(bytes, (_, length) => length === 4));
  });

  it.each([511, 512, 513, 100_000])('judges %i levels as JSON.parse does', (depth) => {
    const text = '['.repeat(depth - 1) + '{"a":1}' + ']'.repeat(depth - 1);
    expect(isJson(Buffer.from(text))).toBe(true);
    expect(isJson(Buffer.from(text.slice(0, -1)))).toBe(false);
    expect(isJson(Buffer.from(text).subarray(1))).toBe(false);
  });

  it('accepts every JSON text, however it is spaced and escaped', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        expect(isJson(Buffer.from(text))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('agrees with JSON.parse on damaged texts', () => {
    fc.assert(
      fc.property(damagedText, (bytes) => {
        fc.pre(isUtf8(bytes));
        expect(isJson(bytes)).toBe(parses(bytes.toString()));
      }),
      { numRuns: 3000 },
    );
  });

  it('agrees with JSON.parse on strings of JSON characters', () => {
    const unit = fc.constantFrom(
      ...'{}[],:"\\u0019-+.eE \n'.split(''),
      'true',
      'false',
      'null',
      '"a":',
      '\\u00e9',
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), (text) => {
        expect(isJson(Buffer.from(text))).toBe(parses(text));
      }),
      { numRuns: 3000 },
    );
  });
});

const space = fc.string({ unit: fc.constantFrom(' ', '\t', '\r', '\n'), maxLength: 3 });

/** A JSON value as text, with random white space around its tokens and random escapes. */
const jsonText = fc
  .tuple(fc.jsonValue({ maxDepth: 4, noUnicodeString: false }), fc.infiniteStream(space), fc.boolean())
  .map(([value, spaces, escaped]) => {
    const text = JSON.stringify(value);
    const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^{}[\],:"]+/gs)!;
    return tokens.map((token) => spaces.next().value + (escaped ? escapeLetters(token) : token)).join('');
  });

/** Every letter of a string literal as `\u…`, but for the letters of escapes. */
function escapeLetters(token: string): string {
  return token.startsWith('"')
    ? token.replaceAll(/\\.|[g-zé-\uffff]/gs, (match) =>
        match.startsWith('\\') ? match : String.raw`\u` + match.charCodeAt(0).toString(16).padStart(4, '0'),
      )
    : token;
}

/** A JSON text with one byte changed, inserted or all bytes from one on cut off. */
const damagedText = fc
  .tuple(jsonText, fc.nat(), fc.constantFrom('replace', 'insert', 'cut'), usefulByte())
  .map(([text, seed, damage, byte]) => {
    const bytes = Buffer.from(text);
    const at = seed % (bytes.length + 1);
    const rest = damage === 'cut' ? [] : [Buffer.of(byte), bytes.subarray(damage === 'insert' ? at : at + 1)];
    return Buffer.concat([bytes.subarray(0, at), ...rest]);
  });

function usefulByte() {
  return fc.oneof(fc.nat(127), fc.constantFrom(...Buffer.from('"\\{}[],: 01e.-')));
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
