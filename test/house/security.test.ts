import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const text = readFileSync(path.join(root, 'SECURITY.md'), 'utf8');
const rows = text.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| promised'));

it('every promise names a test, and every test that is named is there', () => {
  const named = rows.map((row) => row.match(/test\/[\w./-]+\.test\.ts/g) ?? []);
  expect(named.length).toBeGreaterThan(10);
  expect(rows.filter((_, at) => named[at]!.length === 0)).toEqual([]);
  expect(named.flat().filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
});

it('there are as many cases as it says', () => {
  const said = Number(/more than (\d+) cases/.exec(text)?.[1]);
  const listed = execFileSync(
    process.execPath,
    [
      path.join(root, 'node_modules/vitest/vitest.mjs'),
      'list',
      'test/security',
      '--json',
      '--no-static-parse',
    ],
    { cwd: root, encoding: 'utf8' },
  );
  const cases: unknown = JSON.parse(listed.slice(listed.indexOf('[')));
  expect(said).toBeGreaterThanOrEqual(150);
  expect(cases).toHaveProperty(
    'length',
    expect.toSatisfy((count: number) => count > said),
  );
});
