import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfigFile } from '../../../src/cli/config/file.ts';
import { runFlags } from '../../../src/cli/flags/index.ts';
import { scratch } from '../../e2e/scratch.ts';

function read(text: string, namedBy?: string) {
  return readConfigFile({ path: path.join(scratch({ 'c.json': text }), 'c.json'), namedBy }, runFlags);
}

/** What is said, without the folder. */
function said(text: string, namedBy?: string): string {
  try {
    read(text, namedBy);
    return 'nothing';
  } catch (error) {
    return String(error).replaceAll(/\/\S*\/c\.json/g, 'c.json');
  }
}

it('each option has its value and its place', () => {
  const settings = read('\uFEFF{ "$schema": "x", // as you like\n"rate": "5/s",\n"header": ["A: 1"] }');
  expect([...settings].map(([key, { value, from }]) => [key, value, path.basename(from)])).toEqual([
    ['rate', '5/s', 'c.json:2'],
    ['header', ['A: 1'], 'c.json:3'],
  ]);
  expect(settings.get('rate')?.name).toMatch(/c\.json:2: rate$/);
});

it.each<[text: string, said: string]>([
  ['', '1:1: not valid JSON: Unexpected end of input'],
  ['{"rate": 1', '1:11: not valid JSON: Unexpected end of input'],
  ['{"rate" 1}', '1:9: not valid JSON: Unexpected token Number'],
  ['{\n  "rate": fast\n}', "2:11: not valid JSON: Unexpected identifier 'fast'"],
  ['{} {}', '1:4: not valid JSON: Unexpected token LBrace'],
  ['[]', '1:1: must be an object of options, as in {"concurrency": 20}'],
  ['{"concurency": 5}', '1: concurency: no such option (did you mean concurrency?)'],
  ['{"per-host-rate": 5}', '1: per-host-rate: no such option (did you mean perHostRate?)'],
  ['{"request": "PUT"}', '1: request: no such option (did you mean method?)'],
  ['{"colour": "blue"}', '1: colour: no such option'],
  ['{"constructor": {}}', '1: constructor: no such option'],
  [`{"rate": ${'['.repeat(20_000)}`, '1: not an option: it nests too deep'],
  ['{"rate": 1,\n"rate": 2}', '2: rate: stands there twice'],
])('%j is refused', (text, message) => {
  expect(said(text)).toBe(`UsageError: c.json:${message}`);
});

it('all that is wrong is told at once', () => {
  expect(said('{"a": 1,\n"b": 2}').split('\n')).toEqual([
    'UsageError: c.json:1: a: no such option',
    'c.json:2: b: no such option',
  ]);
});

describe('a command', () => {
  const text = '{"tokenCommand": "print-token"}';

  it('is not taken from a file that only lies there', () => {
    expect(said(text)).toMatch(
      /^UsageError: c\.json:1: tokenCommand: a command is run only from a file that you name/,
    );
  });

  it('is taken from one that is named', () => {
    expect(read(text, '--config').get('tokenCommand')?.value).toBe('print-token');
  });
});
