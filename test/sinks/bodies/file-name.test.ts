import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileName } from '../../../src/sinks/bodies/file-name.ts';

describe('fileName', () => {
  it.each([
    ['17', '17'],
    ['Ada_Lovelace-1.5', 'Ada_Lovelace-1.5'],
    ['a b/c', 'a%20b%2Fc'],
    ['100%', '100%25'],
    ["(it's)*!~", '%28it%27s%29%2A%21%7E'],
    ['grün', 'gr%C3%BCn'],
    ['\ud800', '%EF%BF%BD'],
    ['../../etc/passwd', '%2E.%2F..%2Fetc%2Fpasswd'],
    ['.', '%2E'],
    ['..', '%2E%2E'],
    ['.bashrc', '%2Ebashrc'],
    ['-rf', '%2Drf'],
    ['end.', 'end%2E'],
    ['a\0b\n', 'a%00b%0A'],
    [String.raw`C:\x`, 'C%3A%5Cx'],
    ['nul', '%6Eul'],
    ['COM1.txt', '%43OM1.txt'],
    ['console', 'console'],
    ['', '_'],
  ])('%j is %s', (text, name) => {
    expect(fileName(text)).toBe(name);
  });

  it('cuts long ones between characters and keeps them apart', () => {
    const names = ['ü'.repeat(100), `${'ü'.repeat(100)}x`].map(fileName);
    expect(names[0]).toMatch(/^(?:%C3%BC){33}-[0-9a-f]{16}$/);
    expect(names[1]).toMatch(/^(?:%C3%BC){33}-[0-9a-f]{16}$/);
    expect(new Set(names).size).toBe(2);
    expect(fileName('a'.repeat(200))).toBe('a'.repeat(200));
  });

  it('is one name in a folder, whatever the text, and another for another text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[./\\:%~-]{1,20}$/),
      fc.webUrl(),
    );
    fc.assert(
      fc.property(text, text, (one, other) => {
        const name = fileName(one);
        expect(name).toMatch(/^[A-Za-z0-9_%][A-Za-z0-9._%-]{0,219}$/);
        expect(name).not.toMatch(/\.$/);
        expect(path.dirname(path.resolve('/folder', name))).toBe('/folder');
        expect(fileName(other) === name).toBe(other.toWellFormed() === one.toWellFormed());
      }),
    );
  });
});
