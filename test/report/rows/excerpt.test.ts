import { expect, it } from 'vitest';
import { excerpt, quotedPosition } from '../../../src/report/rows/excerpt.ts';

it.each([
  ['select nope from a', 8, ['  select nope from a', '         ^']],
  ['select a,\n\tnope\nfrom a', 12, ['   nope', '   ^']],
  ['select a from', 14, ['  select a from', '               ^']],
  ['select a from', 99, ['  select a from', '               ^']],
  ["select '日本🙂', nope", 16, ["  select '日本🙂', nope", `  ${' '.repeat(18)}^`]],
  [`select ${'a, '.repeat(100)}nope, b`, 308, [`  ${'a, '.repeat(20)}nope, b`, `  ${' '.repeat(60)}^`]],
  [`select ${'a, '.repeat(100)}`, 1, [`  ${`select ${'a, '.repeat(40)}`.slice(0, 99)}…`, '  ^']],
  ['', 1, ['  ', '  ^']],
])('%j at %d', (statement, position, lines) =>
  expect(excerpt(statement, position).split('\n')).toEqual(lines),
);

it.each([
  ['near "frm": syntax error', 'select * frm a', 10],
  ['near "a": syntax error', 'select a from a', undefined],
  ['near "1": syntax error', 'select x1 from 10 wher 1', 24],
  ['no such column: nope', "select nope, 'nopes' from a", 8],
  ['no such table: main.b', 'select 1 from main.b', 15],
  ['no such function: f', 'select 🙂, f(1)', 11],
  ['unrecognized token: "\'abc"', "select 'abc", 8],
  ['incomplete input', 'select (', undefined],
])('%s in %j: %s', (message, statement, position) =>
  expect(quotedPosition(statement, message)).toBe(position),
);
