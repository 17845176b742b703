import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrderOfIds } from '../../../src/sources/sql/by-id.ts';

/** Rows by their ids, and what was found for the ids asked. */
function found(ids: readonly string[], rows: readonly unknown[]): readonly string[] {
  const answer = rows.map((id, at) => ({ id, at }));
  return inOrderOfIds(ids, answer).map((one) =>
    'missing' in one ? `no ${one.missing}` : `${String(one.row['id'])}#${String(one.row['at'])}`,
  );
}

describe('rows of ids', () => {
  it.each<[string, readonly string[], readonly unknown[], readonly string[]]>([
    ['are in the order of the ids', ['1', '2', '3'], [3, 1, 2], ['1#1', '2#2', '3#0']],
    ['may be several of one', ['1', '2'], [2, 1, 2], ['1#1', '2#0', '2#2']],
    ['stand twice for an id that does', ['1', '1'], [1], ['1#0', '1#0']],
    ['that are not there are told', ['1', '2', '3'], [2], ['no 1', '2#0', 'no 3']],
    ['with ids that nobody asked for come last', ['1'], [8, 1, 9], ['1#1', '8#0', '9#2']],
    ['may have lost their zeros', ['007', '010'], [10, 7], ['7#1', '10#0']],
    ['may be in another case', ['Ada', 'BOB'], ['ada', 'BOB'], ['ada#0', 'BOB#1']],
    [
      'keep zeros and case that are asked for',
      ['7', '007', 'a', 'A'],
      ['7', 'a'],
      ['7#0', 'no 007', 'a#1', 'no A'],
    ],
    ['may lack the id', ['1'], [null], ['no 1', 'null#0']],
    ['may be none', ['1'], [], ['no 1']],
  ])('%s', (_, ids, rows, expected) => {
    expect(found(ids, rows)).toEqual(expected);
  });

  it('are all there, each once, and each id has its rows or is told, when no id is asked twice', () => {
    const ids = fc.uniqueArray(fc.string({ unit: fc.constantFrom('0', '1', '7', 'a', 'A'), maxLength: 3 }));
    fc.assert(
      fc.property(
        ids,
        fc.array(fc.string({ unit: fc.constantFrom('0', '1', '7', 'a'), maxLength: 3 })),
        (asked, given) => {
          const rows = given.map((id, at) => ({ id, at }));
          const all = inOrderOfIds(asked, rows);
          const given2 = new Set(given);
          const missing = all.flatMap((one) => ('missing' in one ? [one.missing] : []));
          expect(missing.every((id) => asked.includes(id) && !given2.has(id))).toBe(true);
          expect(new Set(all.flatMap((one) => ('row' in one ? [one.row['at']] : [])))).toEqual(
            new Set(rows.map(({ at }) => at)),
          );
        },
      ),
    );
  });
});
