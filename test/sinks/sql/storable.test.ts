import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasUnstorable } from '../../../src/databases/escapes.ts';
import { storable, storableOrNull } from '../../../src/sinks/sql/storable.ts';

/** Text with everything that is wrong, often. */
const hostile = fc.array(
  fc.constantFrom('\0', '\ud800', '\udc00', '\\', 'u', '0', 'd', '8', '"', 'é', '😀', '\n'),
);

describe('a text', () => {
  it.each([
    ['plain', 'ünï 😀', 'ünï 😀'],
    ['NUL', 'a\0b', String.raw`a\u0000b`],
    ['half a pair', 'a\ud83d b', String.raw`a\ud83d b`],
    ['halves the wrong way round', '\ude00\ud83d', String.raw`\ude00\ud83d`],
    ['a pair between halves', '\ud83d😀\ude00', String.raw`\ud83d😀\ude00`],
  ])('%s is storable as it should be', (_, text, stored) => {
    expect(storable(text)).toBe(stored);
  });

  it('is always storable, and the same when it was', () => {
    fc.assert(
      fc.property(hostile, (parts) => {
        const text = parts.join('');
        const stored = storable(text);
        expect(stored.isWellFormed() && !stored.includes('\0')).toBe(true);
        expect(storable(stored)).toBe(stored);
      }),
    );
  });

  it('may be absent', () => {
    expect([storableOrNull(undefined), storableOrNull('a')]).toEqual([null, 'a']);
  });
});

describe('a JSON text', () => {
  it.each([
    [String.raw`"a\u0000b"`, true],
    [String.raw`{"\u0000":1}`, true],
    [String.raw`"\\u0000"`, false],
    [String.raw`"\\\u0000"`, true],
    [String.raw`"\ud83d"`, true],
    [String.raw`"\uDE00"`, true],
    [String.raw`"\uD83D\ude00"`, false],
    [String.raw`"\uD83D\uD83D\ude00"`, true],
    [String.raw`"\ud83d\\ude00"`, true],
    [String.raw`"\u0001\u00e9"`, false],
    ['"u0000"', false],
  ])('%s has what is unstorable: %s', (json, has) => {
    expect(hasUnstorable(json)).toBe(has);
  });

  it('has it when its value has', () => {
    fc.assert(
      fc.property(hostile, (parts) => {
        const text = parts.join('');
        expect(hasUnstorable(JSON.stringify(text))).toBe(storable(text) !== text);
      }),
    );
  });
});
