import * as fc from 'fast-check';
import { expect } from 'vitest';
import { parseIds } from '../../src/sources/urls/ids.ts';
import { damaged } from './damage.ts';
import { fuzz } from './fuzz.ts';
import { orRejected } from './rejects.ts';

const item = fc.constantFrom(
  '1-1000',
  '001-100:5',
  '7',
  'alice',
  'a-b',
  '0-0',
  '9007199254740990-9007199254740991',
);
const ids = damaged(
  fc.array(item, { minLength: 1, maxLength: 5 }).map((items) => items.join(',')),
  ['-', ':', ',', '0', '1', '9', '999999999999999', ' ', '+', 'e', 'a', '.'],
);

fuzz('ids are counted, or the item that is none is named', fc.tuple(ids, fc.nat()), ([text, at]) => {
  const pattern = orRejected(
    () => parseIds(text),
    /^--ids(?: must be .* not ".*"|: more than can be counted)/s,
  );
  if (pattern !== undefined) {
    const { size } = pattern;
    expect(Number.isSafeInteger(size) && size >= 1).toBe(true);
    [0, at % size, size - 1].forEach((index) => expect(pattern.at(index)).not.toBe(''));
  }
});

const range = fc
  .tuple(fc.nat(30), fc.nat(30), fc.integer({ min: 1, max: 5 }))
  .map(([from, more, step]) => ({ from, to: from + Math.max(more, step), step }));

fuzz('ranges count as a loop does', fc.array(range, { minLength: 1, maxLength: 4 }), (ranges) => {
  const ids = parseIds(ranges.map(({ from, to, step }) => `${from}-${to}:${step}`).join());
  const looped = ranges.flatMap(({ from, to, step }) =>
    Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => String(from + index * step)),
  );
  expect(Array.from({ length: ids.size }, (_, index) => ids.at(index))).toEqual(looped);
});
