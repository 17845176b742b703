import * as fc from 'fast-check';
import { expect } from 'vitest';
import { readConfigFile } from '../../src/cli/config/file.ts';
import { runFlags } from '../../src/cli/flags/index.ts';
import { temporaryFiles } from '../sources/settings.ts';
import { damaged } from './damage.ts';
import { fuzz } from './fuzz.ts';
import { jsonPieces, jsonText } from './json-text.ts';
import { orRejected } from './rejects.ts';

const write = temporaryFiles();
const member = fc
  .tuple(
    fc.constantFrom('rate', 'header', 'timeout', 'tokenCommand', 'request', '$schema', '__proto__', 'a\nb'),
    jsonText,
  )
  .map(([key, value]) => `${JSON.stringify(key)}: ${value}`);
const config = damaged(
  fc.array(member, { maxLength: 4 }).map((members) => `{\n${members.join(', // comment\n')}\n}`),
  [...jsonPieces, '//', '/*', '*/', '\n', "'", 'NaN', ',\n'],
);

fuzz(
  'a configuration file is read, or refused by file and line',
  fc.tuple(config, fc.boolean()),
  async ([text, isNamed]) => {
    const path = await write('c.json', text);
    const file = { path, namedBy: isNamed ? '--config' : undefined };
    const settings = orRejected(() => readConfigFile(file, runFlags), /^\/\S+\/c\.json:\d+(?::\d+)?: /);
    for (const [key, { from }] of settings ?? []) {
      expect(Object.keys(runFlags)).toContain(key);
      expect(Number(from.split(':')[1])).toBeLessThanOrEqual(text.split('\n').length);
    }
  },
  2,
);
