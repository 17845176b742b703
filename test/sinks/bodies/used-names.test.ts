import { expect, it } from 'vitest';
import { UsedNames } from '../../../src/sinks/bodies/used-names.ts';

it.each([
  [
    true,
    ['a.json', 'a.json', 'a.json', 'a.html', 'A.json'],
    ['a.json', 'a-2.json', 'a-3.json', 'a.html', 'A.json'],
  ],
  [false, ['a.json', 'A.json', 'a.json'], ['a.json', 'A-2.json', 'a-3.json']],
  [true, ['a-2.json', 'a.json', 'a.json', 'a-2.json'], ['a-2.json', 'a.json', 'a-3.json', 'a-2-2.json']],
  [true, ['a', 'a'], ['a', 'a-2']],
])('case sensitive: %s, %j', (isCaseSensitive, asked, given) => {
  const names = new UsedNames(isCaseSensitive);
  expect(asked.map((name) => names.take(split(name)))).toEqual(given);
});

function split(name: string) {
  const [stem = '', ...extension] = name.split('.');
  return { stem, extension: extension.map((part) => `.${part}`).join('') };
}
