import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { gap, layOut } from '../../../src/report/rows/layout.ts';
import { clipText, fitText, widthOf } from '../../../src/report/rows/width.ts';

const text = (width: number) => ({ width, isNumber: false });
const number = (width: number) => ({ width, isNumber: true });

it.each([
  ['all that they need', [text(10), number(5)], 40, [10, 5]],
  ['the widest are cut to one width', [text(3), text(50), text(60)], 40, [3, 16, 16]],
  ['numbers are not', [text(50), number(20)], 40, [18, 20]],
  ['too many', [text(9), text(9), text(9), text(9), text(9)], 40, undefined],
  [
    'short texts have room where long ones have not',
    Array.from({ length: 8 }, () => text(3)),
    40,
    Array(8).fill(3),
  ],
  ['numbers alone that are too many', [number(20), number(20)], 40, undefined],
  ['a file has room for all', [text(1e6), number(1e6)], Number.POSITIVE_INFINITY, [1e6, 1e6]],
])('%s', (_, needs, width, widths) => expect(layOut(needs, width)).toEqual(widths));

it('never is wider than the screen, never gives more than is needed, and cuts only what is widest', () => {
  const need = fc.record({ width: fc.integer({ min: 1, max: 200 }), isNumber: fc.boolean() });
  fc.assert(
    fc.property(
      fc.array(need, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 300 }),
      (needs, screen) => {
        const widths = layOut(needs, screen);
        if (widths === undefined) {
          return needs.reduce((sum, { width }) => sum + width + gap, -gap) > screen;
        }
        const cut = widths.filter((width, at) => width < needs[at]!.width);
        return (
          widths.reduce((sum, width) => sum + width + gap, -gap) <= screen &&
          widths.every(
            (width, at) => width === needs[at]!.width || (!needs[at]!.isNumber && width === cut[0]),
          ) &&
          cut.every((width) => width >= 8)
        );
      },
    ),
  );
});

it.each([
  ['abcdef', 6, 'abcdef'],
  ['abcdef', 5, 'abcd…'],
  ['日本語', 6, '日本語'],
  ['日本語', 5, '日本…'],
  ['日本語', 4, '日…'],
  ['🇩🇪🇫🇷🇮🇹', 5, '🇩🇪🇫🇷…'],
  ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
  ['abc', 1, '…'],
  ['abc', 0, ''],
])('%s in %d columns: %s', (text, width, clipped) => expect(clipText(text, width)).toBe(clipped));

it('fits any text exactly', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 30 }), (text, width) => {
      expect(widthOf(fitText(text, width, 'left'))).toBe(width);
    }),
  );
});
