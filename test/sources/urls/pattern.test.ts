import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  concatenate,
  parseLetterRange,
  parseNumberRange,
  wordList,
  type Pattern,
} from '../../../src/sources/urls/pattern.ts';

const enumerate = (pattern: Pattern | undefined) =>
  pattern && Array.from({ length: pattern.size }, (_, index) => pattern.at(index));

describe('parseNumberRange', () => {
  it.each([
    ['1-3', ['1', '2', '3']],
    ['7-7', ['7']],
    ['0-2', ['0', '1', '2']],
    ['08-11', ['08', '09', '10', '11']],
    ['00-100:50', ['00', '50', '100']],
    ['0-10:4', ['0', '4', '8']],
    ['1-2:1', ['1', '2']],
    ['3-1', undefined],
    ['1-5:0', undefined],
    ['1-5:5', undefined],
    ['5-5:2', undefined],
    ['1-', undefined],
    ['-1', undefined],
    ['1-2:', undefined],
    ['1-2:x', undefined],
    ['a-2', undefined],
    [' 1-2', undefined],
    ['', undefined],
    ['0-99999999999999999999', undefined],
  ])('%s', (text, expected) => {
    expect(enumerate(parseNumberRange(text))).toEqual(expected);
  });

  it('is arithmetic: the last of 10^15 costs no more than the first', () => {
    const range = parseNumberRange('1-1000000000000000');
    expect(range?.size).toBe(1e15);
    expect(range?.at(1e15 - 1)).toBe('1000000000000000');
  });
});

describe('parseLetterRange', () => {
  it.each([
    ['a-d', ['a', 'b', 'c', 'd']],
    ['X-Z', ['X', 'Y', 'Z']],
    ['a-g:3', ['a', 'd', 'g']],
    ['q-q', ['q']],
    ['d-a', undefined],
    ['A-z', undefined],
    ['a-Z', undefined],
    ['a-c:9', undefined],
    ['ab-c', undefined],
    ['a-1', undefined],
  ])('%s', (text, expected) => {
    expect(enumerate(parseLetterRange(text))).toEqual(expected);
  });
});

describe('concatenate', () => {
  it('gives what the parts give, one after another', () => {
    const lists = fc.array(fc.array(fc.string(), { minLength: 1 }), { minLength: 1 });
    fc.assert(
      fc.property(lists, (lists) => {
        expect(enumerate(concatenate(lists.map(wordList)))).toEqual(lists.flat());
      }),
    );
  });
});
