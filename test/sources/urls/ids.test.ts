import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { UsageError } from '../../../src/model/errors.ts';
import { parseIds } from '../../../src/sources/urls/ids.ts';

function list(text: string): string[] {
  const ids = parseIds(text);
  return Array.from({ length: ids.size }, (_, index) => ids.at(index));
}

it.each([
  ['7', ['7']],
  ['1-3,20,30-31', ['1', '2', '3', '20', '30', '31']],
  ['001-003', ['001', '002', '003']],
  ['1-10:4', ['1', '5', '9']],
  ['alice,bob', ['alice', 'bob']],
  [' alice , 1-2 ', ['alice', '1', '2']],
  ['2026-01-15', ['2026-01-15']],
  ['550e8400-e29b', ['550e8400-e29b']],
  ['a:b', ['a:b']],
  ['5,5', ['5', '5']],
])('%s', (text, expected) => {
  expect(list(text)).toEqual(expected);
});

it.each([
  ['', '""'],
  ['1,,2', '""'],
  ['1,', '""'],
  ['1-', '"1-"'],
  ['-5', '"-5"'],
  ['a,9-1', '"9-1"'],
  ['1-9:x', '"1-9:x"'],
  ['1-9:0', '"1-9:0"'],
])('%j is refused', (text, named) => {
  expect(() => parseIds(text)).toThrow(
    new UsageError(
      `--ids must be ranges and words such as 1-1000, 001-100:5 or alice, separated by commas, not ${named}`,
    ),
  );
});

it('counts no further than 2^53', () => {
  expect(() => parseIds('1-9000000000000000,1-9000000000000000')).toThrow('--ids: more than can be counted');
});

it('takes words and numbers as they are written', () => {
  const item = fc.oneof(
    fc.stringMatching(/^[a-z_.][a-z0-9_.-]{0,8}$/),
    fc.nat().map(String),
    fc.stringMatching(/^0\d{1,6}$/),
  );
  fc.assert(
    fc.property(fc.array(item, { minLength: 1 }), (items) => {
      expect(list(items.join(','))).toEqual(items);
    }),
  );
});
