import path from 'node:path';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { withExtension } from '../../src/sinks/bodies/extension.ts';
import { fileName } from '../../src/sinks/bodies/file-name.ts';
import { UsedNames } from '../../src/sinks/bodies/used-names.ts';
import { damaged } from './damage.ts';
import { fuzz } from './fuzz.ts';

const id = damaged(
  fc.oneof(
    fc.constantFrom('a', 'A', 'a-2', 'a.json', 'a-2.json', '../../etc/passwd', 'CON', 'nul.txt', ''),
    fc.webUrl(),
  ),
  ['/', '\\', '..', '.', ':', '%', '%2F', '-', '~', ' ', '\0', 'a', '-2', '.json'],
);
const type = damaged(
  fc.constantFrom(
    'application/json; charset=utf-8',
    'text/html',
    'image/png',
    'a/b+xml',
    'application/ndjson',
    '',
  ),
  ['/', ';', '+json', '..', '\\', ' ', 'constructor', 'a'],
);
const bodies = fc.array(fc.tuple(id, fc.option(type, { nil: undefined })), { minLength: 1, maxLength: 20 });

fuzz(
  'every body has a file of its own, in the folder',
  fc.tuple(bodies, fc.boolean()),
  ([bodies, isCaseSensitive]) => {
    const used = new UsedNames(isCaseSensitive);
    const names = bodies.map(([id, type]) => used.take(withExtension(fileName(id), type)));
    for (const name of names) {
      expect(name).toMatch(/^[A-Za-z0-9_%][A-Za-z0-9._%-]*$/);
      expect(path.dirname(path.resolve('/folder', name))).toBe('/folder');
      expect(name.length).toBeLessThanOrEqual(255);
    }
    expect(new Set(names.map((name) => (isCaseSensitive ? name : name.toLowerCase()))).size).toBe(
      names.length,
    );
  },
);
