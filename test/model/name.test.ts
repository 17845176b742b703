import { expect, it } from 'vitest';
import { nameText } from '../../src/model/name.ts';

it.each([
  ['X-Key', 'X-Key'],
  ['first name', 'first name'],
  ['Größe', 'Größe'],
  ['', ''],
  ['a\nb', String.raw`"a\nb"`],
  ['a"\u0007', String.raw`"a\"\u0007"`],
  ['x'.repeat(101), `${'x'.repeat(100)}…`],
])('%j is shown as %s', (name, text) => {
  expect(nameText(name)).toBe(text);
});
