import { describe, expect, it } from 'vitest';
import { clip, printable } from '../../src/report/printable.ts';

describe('printable', () => {
  it.each([
    ['a colour', '\u001b[31mred', String.raw`\u{1b}[31mred`],
    ['a carriage return', 'ok\rno', String.raw`ok\u{d}no`],
    ['C1 control sequence introducer', '\u009b2J', String.raw`\u{9b}2J`],
    ['a right-to-left override', '\u202egnp', String.raw`\u{202e}gnp`],
    ['a zero-width space', 'a\u200bb', String.raw`a\u{200b}b`],
    ['a line separator', 'a\u2028b', String.raw`a\u{2028}b`],
    ['half a surrogate pair', 'a\ud800b', String.raw`a\u{d800}b`],
  ])('escapes %s', (_, text, safe) => expect(printable(text)).toBe(safe));

  it('leaves other text alone', () => {
    const text = 'https://例え.jp/ä?q=1&x="y" 🙂';
    expect(printable(text)).toBe(text);
  });
});

describe('clip', () => {
  it.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdef', 5, 'abcd…'],
    ['🙂🙂🙂', 3, '🙂🙂🙂'],
    ['🙂🙂🙂', 2, '🙂…'],
    ['abc', 1, '…'],
  ])('%s to %d: %s', (text, width, clipped) => expect(clip(text, width)).toBe(clipped));
});
