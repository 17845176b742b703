import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { parseSpec } from '../../src/transforms/spec.ts';

it.each(['./hash.ts', '../hash', 'hash.mjs', 'a/b.mts', 'hash.js', 'file.ts'])('%s is a module', (spec) => {
  const file = path.resolve(spec);
  expect(parseSpec(spec)).toEqual({ kind: 'module', spec, file, url: pathToFileURL(file).href });
});

it('so is a file: URL, and a path of Windows', () => {
  const url = pathToFileURL('/srv/my hash.ts').href;
  expect(parseSpec(url)).toEqual({ kind: 'module', spec: url, file: '/srv/my hash.ts', url });
  expect(parseSpec(String.raw`C:\hash`).kind).toBe('module');
});

it.each([
  ['gunzip', 'gunzip', undefined],
  ['hash:sha256,rounds=100', 'hash', 'sha256,rounds=100'],
  ['json:', 'json', ''],
  ['json:files.js', 'json', 'files.js'],
  ['json:./a:b', 'json', './a:b'],
  ['csvv', 'csvv', undefined],
])('%s is a built-in', (spec, name, argument) => {
  expect(parseSpec(spec)).toEqual({ kind: 'builtin', spec, name, argument });
});
