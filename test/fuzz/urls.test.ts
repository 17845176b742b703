import * as fc from 'fast-check';
import { expect } from 'vitest';
import { linesReader } from '../../src/sources/lines/lines.ts';
import { chunksOf, cuts, damaged } from './damage.ts';
import { fuzz } from './fuzz.ts';
import { isTaskLine, readText } from './input.ts';

const url = fc.oneof(
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
  fc.constantFrom(
    'http://u:p@h:80/a b',
    'HTTP://H',
    'https://[::1]:1/',
    'http://1.2.3.4/../a',
    'http://xn--a/',
    '# x',
    '',
  ),
);
const text = damaged(
  fc.array(url, { maxLength: 6 }).map((lines) => lines.join('\n')),
  [
    'http://',
    'https:',
    '/',
    '//',
    ':',
    '@',
    '?',
    '#',
    '%',
    '%2e',
    '..',
    '[',
    ']',
    ' ',
    '\\',
    '80',
    '\n',
    '\n\n',
    '\r\n',
  ],
);

fuzz('each line is a URL, refused by file and line, or blank', fc.tuple(text, cuts), async ([text, cuts]) => {
  const { tasks, refused } = await readText(linesReader, chunksOf(text, cuts));
  const numbers = text.split('\n').flatMap((line, at) => (isTaskLine(line, at) ? [at + 1] : []));
  expect(tasks).toHaveLength(numbers.length);
  expect(refused).toEqual(numbers.filter((_, at) => tasks[at]?.invalid !== undefined));
});
