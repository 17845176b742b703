import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { bulkFetch } from '../../src/bulk-fetch.ts';
import { scratch } from '../e2e/scratch.ts';
import { until } from '../servers/until.ts';
import { moduleOf } from './modules.ts';

const isNone = 'it must be a function that takes a record and gives one';

/** A wrong module, the end of the name of the place that is told, and what is said. */
const wrong: Readonly<Record<string, [text: string, name: string, said: string]>> = {
  'a syntax error': [
    'export default (r) => {\n  const y = r +* 2;\n};',
    'a.mjs',
    "a.mjs:2:16: Unexpected token '*'",
  ],
  'a syntax error in TypeScript': [
    'export default (r: object) => {\n  let = ;\n};',
    'a.ts',
    'a.ts:2:9: Expression expected',
  ],
  'TypeScript that Node does not strip': [
    'const a = 1;\n enum A { B }\nexport default () => A.B + a;',
    'a.ts',
    'a.ts:2:2: TypeScript enum is not supported in strip-only mode',
  ],
  'a missing module': [
    "import fs from 'node:fs';\nimport { x } from './nothere.js';\nexport default () => [x, fs];",
    'a.mjs',
    "a.mjs:2:19: Cannot find module 'DIR/nothere.js'",
  ],
  'a missing package': [
    "\n  export * from 'no-such-package';",
    'a.ts',
    "a.ts:2:17: Cannot find package 'no-such-package'",
  ],
  'a missing export': [
    "import { nope } from 'node:fs';\nexport default () => nope;",
    'a.mjs',
    "a.mjs:1:10: The requested module 'node:fs' does not provide an export named 'nope'",
  ],
  'an error while it loads': [
    'const a = {};\na.b.c();\nexport default 1;',
    'a.mjs',
    "a.mjs:2:5: Cannot read properties of undefined (reading 'c')",
  ],
  'no default export': [
    'export const transform = () => 1;',
    'a.mjs',
    `a.mjs: has no default export: ${isNone}`,
  ],
  'a default export of another kind': [
    'export default 5;',
    'a.mjs',
    `a.mjs: has a default export of another kind: ${isNone}`,
  ],
  'a class as its default export': [
    'export default class A {}',
    'a.mjs',
    `a.mjs: has a class as its default export: ${isNone}`,
  ],
  'something odd thrown while it loads': [
    'throw Object.create(null);',
    'a.mjs',
    'a.mjs: [Object: null prototype] {}',
  ],
  'an exit while it loads': [
    'process.exit(2);',
    'a.mjs',
    'a.mjs ended while it was loaded: its worker exited with status 2',
  ],
  'no end of loading': ['for (;;);', 'a.mjs', 'a.mjs did not load within --transform-timeout'],
};

it.each(Object.entries(wrong))('%s is told before anything is fetched', async (_, [text, name, said]) => {
  const file = moduleOf(text, name);
  const folder = path.dirname(file);
  const run = bulkFetch(['http://127.0.0.1:1/'], { transform: file, transformTimeout: 2000 });
  await expect(run.open()).rejects.toMatchObject({
    name: 'UsageError',
    message: `--transform: ${path.join(folder, said.replace('DIR', folder))}`,
  });
});

it('a syntax error in what it imports is told with its own place', async () => {
  const folder = scratch({
    'outer.mjs': "import './inner.mjs';\nexport default 1;",
    'inner.mjs': 'const a = ;',
  });
  const run = bulkFetch([], { transform: path.join(folder, 'outer.mjs') });
  await expect(run.open()).rejects.toThrow(`--transform: ${folder}/inner.mjs:1:11: Unexpected token ';'`);
});

it('a module that is not there', async () => {
  const run = bulkFetch([], { transform: './no/such.ts' });
  await expect(run.open()).rejects.toThrow(
    `--transform: ./no/such.ts: Cannot find module '${path.resolve('no/such.ts')}'`,
  );
});

it('a built-in that there is not', async () => {
  const run = bulkFetch([], { transform: 'nosuch:1' });
  await expect(run.open()).rejects.toThrow('--transform: no transform is called "nosuch"');
});

it.each([[(record: unknown) => record], [['./a.mjs', (record: unknown) => record]]])(
  'a function, which cannot go to another thread',
  (transform) => {
    expect(() => bulkFetch([], { transform: transform as unknown as string })).toThrow(
      '--transform: a function cannot go to another thread: name the module that exports it, as in ./hash.ts',
    );
  },
);

it('iterating tells it too', async () => {
  const run = bulkFetch(['http://127.0.0.1:1/'], { transform: moduleOf('export default 5;') });
  await expect(run[Symbol.asyncIterator]().next()).rejects.toThrow('has a default export of another kind');
});

it('abandoned while a module loads, the run ends at once', async () => {
  const stop = new AbortController();
  const run = bulkFetch([], { transform: moduleOf('for (;;);'), transformTimeout: 0, signal: stop.signal });
  const opening = run.open();
  stop.abort(new Error('enough'));
  await expect(opening).rejects.toThrow('enough');
});

it('abandoned when a module hangs already, too', async () => {
  const stop = new AbortController();
  const opened = moduleOf(
    "import fs from 'node:fs';\nfs.writeFileSync(import.meta.filename + '.on', '');\nfor (;;);",
  );
  const run = bulkFetch([], { transform: opened, transformTimeout: 0, signal: stop.signal });
  const opening = run.open();
  await until(() => existsSync(`${opened}.on`));
  stop.abort(new Error('enough'));
  await expect(opening).rejects.toThrow('enough');
});
