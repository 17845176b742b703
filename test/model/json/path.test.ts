import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePath, valueAt } from '../../../src/model/json/path.ts';

describe('parsePath', () => {
  it.each([
    ['$', []],
    ['id', ['id']],
    ['$.id', ['id']],
    ['body.items[0].id', ['body', 'items', 0, 'id']],
    ["$['a'][-1]", ['a', -1]],
    ['[0][12]', [0, 12]],
    ['headers.content-type', ['headers', 'content-type']],
    ['body.2024', ['body', '2024']],
    ['größe.名', ['größe', '名']],
    ['"quoted.key"', ['quoted.key']],
    ['body."a b".c', ['body', 'a b', 'c']],
    ['body[\'a b\'][ "c" ]', ['body', 'a b', 'c']],
    [String.raw`$['it\'s "so"']`, ['it\'s "so"']],
    [String.raw`$["\u263a\\\n"]`, ['☺\\\n']],
    ["$['']", ['']],
    ['$.__proto__', ['__proto__']],
  ])('%s', (text, path) => {
    expect(parsePath(text)).toEqual(path);
  });

  it.each([
    ['', 'nothing'],
    ['.', 'a dot alone'],
    ['.id', 'jq starts with a dot, this does not'],
    ['id.', 'no name after the dot'],
    ['a..b', 'a descendant is no single value'],
    ['a.*', 'nor is a wildcard'],
    ['$[*]', 'nor is a wildcard'],
    ['a[]', 'nor is the iteration of jq'],
    ['a[1:2]', 'nor is a slice'],
    ['a[?@.b]', 'nor is a filter'],
    ['a["b","c"]', 'nor are two names'],
    ['a[01]', 'an index with a leading zero'],
    ['a[-0]', 'minus zero'],
    ['a[9007199254740992]', 'an index beyond exact integers'],
    ['a[0', 'an open bracket'],
    ['a["b]', 'an open quote'],
    ['a"b"', 'a quote within a name'],
    [String.raw`["\x"]`, 'an escape that there is not'],
    ['["a\nb"]', 'a raw control character'],
    ['$a', 'no dot after $'],
    ['a b', 'a space'],
    ['a ', 'a space at the end'],
    ['a,b', 'two paths'],
  ])('refuses %j: %s', (text) => {
    expect(parsePath(text)).toBeUndefined();
  });

  it('reads any names and indexes written as a query', () => {
    const part = fc.oneof(fc.string({ unit: 'binary' }), fc.integer({ min: -1000, max: 1000 }));
    fc.assert(
      fc.property(fc.array(part), (path) => {
        expect(parsePath(`$${path.map((one) => `[${JSON.stringify(one)}]`).join('')}`)).toEqual(path);
      }),
    );
  });
});

describe('valueAt', () => {
  const value = { a: [{ b: null }, 'x'], 'c.d': 1, s: 'text' };
  it.each<[string, unknown]>([
    ['$', value],
    ['a[0].b', null],
    ['a[-1]', 'x'],
    ['"c.d"', 1],
    ['a[2]', undefined],
    ['a[-3]', undefined],
    ['a.0', undefined],
    ['a.length', undefined],
    ['s.length', undefined],
    ['s[0]', undefined],
    ['a[0].b.c', undefined],
    ['constructor', undefined],
    ['__proto__.toString', undefined],
    ['c.d', undefined],
  ])('%s', (path, found) => {
    expect(valueAt(value, parsePath(path)!)).toEqual(found);
  });

  it('finds an own __proto__', () => {
    expect(valueAt(JSON.parse('{"__proto__":{"x":1}}'), ['__proto__', 'x'])).toBe(1);
  });
});
