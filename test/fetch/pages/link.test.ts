import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextLink } from '../../../src/fetch/pages/link.ts';

const url = 'http://api.test/items?page=1';

describe('the next link', () => {
  it.each<[string, string | string[], string]>([
    ['alone', '</2>; rel="next"', '/2'],
    ['without quotes', '</2>; rel=next', '/2'],
    ['without blanks', '</2>;rel=next', '/2'],
    ['with many blanks', ' \t</2>\t ; \trel = "next" ', '/2'],
    ['in capitals', '</2>; REL="NEXT"', '/2'],
    ['after others', '</9>; rel="last", </1>; rel="first prev",</2>; rel="next"', '/2'],
    ['with other relations', '</2>; rel="last  next"', '/2'],
    ['in a second field', ['</9>; rel="last"', '</2>; rel="next"'], '/2'],
    ['the first of two', '</2>; rel=next, </3>; rel=next', '/2'],
    ['with a comma and a semicolon in the URL', '</2?ids=1,2;3>; rel="next"', '/2?ids=1,2;3'],
    ['after a quoted comma', '</1>; title="a, </7>; rel=next"; rel="prev", </2>; rel="next"', '/2'],
    [
      'after an escaped quote',
      String.raw`</1>; title="\", </7>; rel=\"next"; rel=prev, </2>; rel=next`,
      '/2',
    ],
    ['with an escape in it', String.raw`</2>; rel="n\ext"`, '/2'],
    ['with parameters before and after', '</2>; title="; rel=last"; rel=next; results="true"; x', '/2'],
    ['after nothing', ', ,</2>; rel=next', '/2'],
    ['after nonsense', 'nonsense, </2>; rel=next', '/2'],
    ['whose first relation counts', '</1>; rel=prev; rel=next, </2>; rel=next; rel=prev', '/2'],
    ['that is empty', '<>; rel=next', ''],
    ['anchored at the page', `</2>; rel=next; anchor="?page=1"`, '/2'],
    [
      'after one of another page',
      `</7>; rel=next; anchor="/others", </8>; rel=next; anchor="#it", </2>; rel=next`,
      '/2',
    ],
  ])('%s', (_, fields, reference) => {
    expect(nextLink(fields, url)).toBe(reference);
  });
});

describe('no next link', () => {
  it.each<[string, string | undefined]>([
    ['without the field', undefined],
    ['in an empty one', ''],
    ['without a relation', '</2>'],
    ['with another relation', '</2>; rel="nextish"'],
    ['with a relation that contains it', '</2>; rel="https://api.test/rels/next"'],
    ['with the relation as the name', '</2>; next'],
    ['in reverse', '</2>; rev="next"'],
    ['with the relation elsewhere', '</2>; title="rel=next"'],
    ['without brackets', '/2; rel="next"'],
    ['without an end', '</2; rel="next"'],
  ])('%s', (_, field) => {
    expect(nextLink(field, url)).toBeUndefined();
  });

  it('and no text makes it throw or take long', () => {
    const pieces = fc.array(fc.constantFrom('<', '>', ';', ',', '"', '\\', '=', ' ', 'rel', 'next', '/2'));
    fc.assert(fc.property(pieces, (text) => void nextLink(text.join(''), url)));
    for (const piece of ['<', '<>', '<>;', '<>;a="', '<>;"\\', ' ', '<>; ; ', '<>;a="b" ']) {
      nextLink(piece.repeat(16_000 / piece.length), url); // a field is 16 KiB at the most
    }
  });
});

it('finds what was written, whatever stands around it', () => {
  const word = fc.stringMatching(/^[a-z]{1,8}$/).filter((text) => text !== 'next');
  const quoted = fc.string({ unit: fc.constantFrom('a', ',', ';', '<', '>', '=', '\\', '"', ' ') });
  const other = fc
    .tuple(word, quoted, word)
    .map(
      ([path, title, rel]) =>
        `</${path}>; title="${title.replaceAll(/[\\"]/g, String.raw`\$&`)}"; rel="${rel}"`,
    );
  fc.assert(
    fc.property(fc.array(other), word, fc.array(other), (before, path, after) => {
      const field = [...before, `</${path}>; rel="next"`, ...after].join(', ');
      expect(nextLink(field, url)).toBe(`/${path}`);
    }),
  );
});
