import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isExactNumber, parseExactJson } from '../../../src/model/json/exact-json.ts';

describe('numbers', () => {
  it.each([
    '12345678901234567890',
    '-0.10',
    '1.0',
    '1E5',
    '-0',
    '0.1000000000000000055511151231257827',
    '1e400',
  ])('%s keeps its digits', (text) => {
    const value = parseExactJson(`{"a":[${text}]}`) as { a: unknown[] };
    expect(JSON.stringify(value)).toBe(`{"a":[${text}]}`);
    expect(isExactNumber(value.a[0])).toBe(true);
  });

  it.each(['0', '17', '-1.5', '9007199254740991', '0.1'])('%s is a number', (text) => {
    expect(parseExactJson(text)).toBe(Number(text));
    expect(isExactNumber(Number(text))).toBe(false);
  });
});

it('is what JSON.parse gives, for numbers as JSON.stringify writes them and all else', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseExactJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

it('throws what JSON.parse throws', () => {
  expect(() => parseExactJson('{"a":1.10,}')).toThrow(SyntaxError);
});
