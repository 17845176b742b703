import { expect, it } from 'vitest';
import { mostNesting, nestsTooDeep } from '../../../src/model/json/nesting.ts';

const nested = (depth: number, inside = '1') => '[{"a":'.repeat(depth / 2) + inside + '}]'.repeat(depth / 2);

it.each<[string, string, boolean]>([
  ['as deep as may be', nested(mostNesting), false],
  ['deeper', nested(mostNesting + 2), true],
  ['deeper at its end', `[${'[],'.repeat(5000)}${nested(mostNesting + 2)}]`, true],
  ['wide', `[${'[{}],'.repeat(5000)}1]`, false],
  ['brackets in a string', JSON.stringify({ a: '[{'.repeat(5000), b: String.raw`\"[`.repeat(5000) }), false],
  ['brackets after a string', nested(mostNesting + 2, String.raw`"\\"`), true],
  ['a string of 20 MB', JSON.stringify('x'.repeat(20_000_000)), false],
])('%s: %#', (_, text, expected) => {
  JSON.parse(text);
  expect(nestsTooDeep(text)).toBe(expected);
});
