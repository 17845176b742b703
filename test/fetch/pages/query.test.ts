import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { withParameter } from '../../../src/fetch/pages/query.ts';

it.each([
  ['http://a/', 'http://a/?c=1'],
  ['http://a/?', 'http://a/?c=1'],
  ['http://a/?b=~%20+', 'http://a/?b=~%20+&c=1'],
  ['http://a/?c=0', 'http://a/?c=1'],
  ['http://a/?b&c=0&d=2', 'http://a/?b&c=1&d=2'],
  ['http://a/?b&&%63=0&cc=5&c', 'http://a/?b&&c=1&cc=5'],
])('%s becomes %s', (url, expected) => {
  expect(withParameter(url, 'c', '1')).toBe(expected);
});

it('sets any name to any value, and nothing else', () => {
  const text = fc.string({ unit: 'grapheme' });
  fc.assert(
    fc.property(fc.dictionary(text, text), text, text, (others, name, value) => {
      const url = `http://a/?${new URLSearchParams(others).toString()}`;
      const query = new URL(withParameter(url, name, value)).searchParams;
      expect(Object.fromEntries(query)).toEqual({ ...others, [name]: value });
    }),
  );
});
