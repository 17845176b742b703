import { describe, expect, it } from 'vitest';
import { parseNextRule, readsBody } from '../../../src/model/options/next-rule.ts';
import { resolveOptions } from '../../../src/model/options/options.ts';

const parameter = (name: string, text: string, path: readonly (string | number)[]) => ({
  name,
  value: { text, path },
});

describe('a rule is', () => {
  it.each([
    ['link', { by: 'link' }],
    ['$.next', { by: 'url', value: { text: '$.next', path: ['next'] } }],
    [
      "$.links[0]['a&b={c}']",
      { by: 'url', value: { text: "$.links[0]['a&b={c}']", path: ['links', 0, 'a&b={c}'] } },
    ],
    ['cursor={$.next}', { by: 'query', parameters: [parameter('cursor', '$.next', ['next'])] }],
    [
      'page[after]={$.a}&n={$["}&{"]}',
      {
        by: 'query',
        parameters: [parameter('page[after]', '$.a', ['a']), parameter('n', '$["}&{"]', ['}&{'])],
      },
    ],
  ])('%s', (text, rule) => {
    expect(parseNextRule(text)).toEqual(rule);
  });
});

describe('no rule is', () => {
  it.each([
    '',
    'Link',
    'next',
    '$.',
    '$..next',
    '$.a[*]',
    'cursor',
    'cursor=',
    'cursor=$.next',
    'cursor={next}',
    'cursor={$.}',
    'cursor={$.next}x',
    'cursor={$.next}&',
    '&cursor={$.next}',
    '={$.next}',
    'a={$.x}b={$.y}',
  ])('%j', (text) => {
    expect(parseNextRule(text)).toBeUndefined();
    expect(() => resolveOptions({ next: text })).toThrow(
      `--next: must be link, a path such as '$.next', or a parameter such as 'cursor={$.next_cursor}', not ${JSON.stringify(text)}`,
    );
  });
});

it.each([
  ['link', false],
  ['$.next', true],
  ['a={$.b}', true],
])('%s needs the body: %s', (text, expected) => {
  expect(readsBody(parseNextRule(text))).toBe(expected);
});
