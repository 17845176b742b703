import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { scriptedServer } from '../servers/scripted.ts';
import { until } from '../servers/until.ts';
import { cli, ended, lines, sorted, startCli } from './cli.ts';
import { scratch } from './scratch.ts';

const server = await scriptedServer({
  '/pages': ({ target }) => {
    const page = Number(new URL(target, 'http://x').searchParams.get('page') ?? 1);
    return {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ page, next: page < 3 ? `/pages?page=${page + 1}` : null }),
    };
  },
  '/never': () => new Promise<never>(() => {}),
  '*': ({ target }) => ({
    headers: { 'content-type': 'application/json' },
    body: `{"path":"${target}"}`,
  }),
});
const { url } = server;
afterAll(() => server.close());

/** Drops every third record, and notes which ones it has seen. */
const dropping = `import fs from 'node:fs';
export default (record) => {
  fs.appendFileSync('seen', record.index + '\\n');
  return record.index % 3 === 0 ? undefined : { ...record, result: record.body.path };
};`;

const files = {
  'double.ts': 'export default (record: { index: number }) => ({ ...record, result: 2 * record.index });',
  'drop.mjs': dropping,
  'fail.mjs': `import fs from 'node:fs';
    export default (record) => {
      if (record.index === 1 && !fs.existsSync('mended')) throw new Error('no good');
      return { ...record, result: 'fine' };
    };`,
};

describe('--transform', () => {
  it('a TypeScript module by its relative path, and what it prints is not on standard output', async () => {
    const cwd = scratch({
      'say.ts': `console.log('loaded');
        export default (record: { index: number }, { log }: { log: (text: string) => void }) => {
          console.log('printed');
          return { ...record, result: 2 * record.index };
        };`,
    });
    const { status, stdout, stderr } = await cli([`${url}/[1-3]`, '-q', '--transform', './say.ts'], { cwd });
    expect({ status, results: sorted(stdout).map(({ result }) => result) }).toEqual({
      status: 0,
      results: [0, 2, 4],
    });
    expect(stderr.match(/printed/g)).toHaveLength(3);
  });

  it('--fields: what transforms add can be named, each digit of it', async () => {
    const cwd = scratch({
      'add.mjs': `export default (record) => ({ ...record, 'my field': { a: [1, 2] }, result: { n: 1e21 } });`,
    });
    const fields = 'id,result,result.n,"my field".a[1],nothing';
    const { stdout } = await cli([`${url}/1`, '-q', '--transform', 'add.mjs', '--fields', fields], { cwd });
    expect(stdout).toBe('{"id":"0","result":{"n":1e+21},"result.n":1e+21,"\\"my field\\".a[1]":2}\n');
  });

  it('the summary tells what they did', async () => {
    const cwd = scratch(files);
    const args = [
      `${url}/[1-30]`,
      '--transform',
      './drop.mjs',
      '--summary',
      's.json',
      '--transform-workers',
      '2',
    ];
    const { stderr } = await cli(args, { cwd });
    expect(stderr).toMatch(/^transforms 30 records · 10 dropped · 2 workers busy [\d.]+ %$/m);
    expect(JSON.parse(readFileSync(path.join(cwd, 's.json'), 'utf8'))).toMatchObject({
      transforms: { records: 30, dropped: 10, failed: 0, workers: 2, replaced: 0 },
    });
  });

  it('1 when a record fails in them', async () => {
    const cwd = scratch(files);
    const { status, stdout } = await cli([`${url}/[1-3]`, '-q', '--transform', './fail.mjs'], { cwd });
    expect(status).toBe(1);
    expect(sorted(stdout)[1]).toMatchObject({
      ok: false,
      status: 200,
      body: { path: '/2' },
      error: { kind: 'transform', code: 'TRANSFORM_FAILED', message: 'fail.mjs:3:65: no good' },
    });
  });

  it('with --save-dir: bodies as they came are saved, and changed ones as they were changed', async () => {
    const cwd = scratch({
      'change.mjs': `export default (record, { bytes }) =>
        ({ ...record, result: bytes.length, ...(record.index === 1 && { body: { a: 1 } }) });`,
    });
    const args = [`${url}/[1-3]`, '-q', '--ordered', '--save-dir', 'out', '--transform', './change.mjs'];
    const records = lines((await cli(args, { cwd })).stdout);
    expect(records.map(({ result, body, file }) => ({ result, body, file }))).toEqual(
      [0, 1, 2].map((index) => ({ result: 13, body: undefined, file: `out/${index}.json` })),
    );
    const saved = records.map(({ file }) => readFileSync(path.join(cwd, file!), 'utf8'));
    expect(saved).toEqual(['{"path":"/1"}', '{"a":1}', '{"path":"/3"}']);
  });
});

describe('a line for each task, and so a run that can go on', () => {
  it('what is dropped has a line that says so, and is done', async () => {
    const cwd = scratch(files);
    const args = [`${url}/[1-9]`, '-q', '-o', 'out.jsonl', '--transform', './drop.mjs'];
    expect((await cli(args, { cwd })).status).toBe(0);
    const out = path.join(cwd, 'out.jsonl');
    const text = readFileSync(out, 'utf8');
    expect(
      text
        .split('\n')
        .filter((line) => line.includes('dropped'))
        .sort(),
    ).toEqual([
      '{"index":0,"id":"0","ok":true,"dropped":true}',
      '{"index":3,"id":"3","ok":true,"dropped":true}',
      '{"index":6,"id":"6","ok":true,"dropped":true}',
    ]);
    const kept = text
      .split('\n')
      .filter((line) => !/"index":[358],/.test(line))
      .join('\n');
    writeFileSync(out, kept); // as if it had been killed
    writeFileSync(path.join(cwd, 'seen'), '');
    expect((await cli([...args, '--resume'], { cwd })).status).toBe(0);
    expect(readFileSync(path.join(cwd, 'seen'), 'utf8').trim().split('\n').sort()).toEqual(['3', '5', '8']);
    expect(sorted(readFileSync(out, 'utf8')).map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('a dropped page leads on to the next', async () => {
    const cwd = scratch({
      'first.mjs': 'export default (record) => (record.page < 3 ? undefined : record);',
    });
    const args = [`${url}/pages`, '-q', '-o', 'out.jsonl', '--next', '$.next', '--transform', './first.mjs'];
    const dropped = (page: number) =>
      `{"index":0,"id":"0","page":${page},"next":"${url}/pages?page=${page + 1}","ok":true,"dropped":true}`;
    await cli(args, { cwd });
    const out = path.join(cwd, 'out.jsonl');
    const [first = '', , third = ''] = readFileSync(out, 'utf8').split('\n');
    expect(first).toBe(dropped(1));
    writeFileSync(out, `${first}\n`);
    await cli([...args, '--resume'], { cwd });
    const pages = readFileSync(out, 'utf8').split('\n');
    expect(pages.slice(0, 2)).toEqual([dropped(1), dropped(2)]);
    expect(JSON.parse(pages[2]!)).toMatchObject({
      page: 3,
      body: (JSON.parse(third) as { body: unknown }).body,
    });
  });

  it('--retry-failed=transform tries again what failed in them', async () => {
    const cwd = scratch(files);
    const args = [`${url}/[1-3]`, '-q', '-o', 'out.jsonl', '--transform', './fail.mjs'];
    expect((await cli(args, { cwd })).status).toBe(1);
    writeFileSync(path.join(cwd, 'mended'), '');
    expect((await cli([...args, '--resume', '--retry-failed=transform'], { cwd })).status).toBe(0);
    const records = sorted(readFileSync(path.join(cwd, 'out.jsonl'), 'utf8'));
    expect(records.map(({ result }) => result)).toEqual(['fine', 'fine', 'fine']);
  });

  it(
    '2 when it is to go on with other transforms, or another text of theirs',
    { timeout: 60_000 },
    async () => {
      const cwd = scratch(files);
      const args = [`${url}/[1-3]`, '-q', '-o', 'out.jsonl'];
      await cli([...args, '--transform', './double.ts'], { cwd });
      const said =
        'bulkfetch: --resume: out.jsonl was made with another --transform; without --resume it is made anew\n';
      for (const transform of [
        [],
        ['--transform', './drop.mjs'],
        ['--transform', './double.ts', '--transform', './double.ts'],
      ]) {
        const { status, stderr } = await cli([...args, '--resume', ...transform], { cwd });
        expect({ status, stderr }).toEqual({ status: 2, stderr: said });
      }
      expect((await cli([...args, '--resume', '--transform', './double.ts'], { cwd })).status).toBe(0);
      writeFileSync(path.join(cwd, 'double.ts'), files['drop.mjs']);
      expect((await cli([...args, '--resume', '--transform', './double.ts'], { cwd })).stderr).toBe(said);
    },
  );

  it('--omit-dropped: no line, no sidecar, and it says that nothing can go on from it', async () => {
    const cwd = scratch({ ...files, 'out.jsonl.bulkfetch': 'of an earlier run' });
    const args = [`${url}/[1-9]`, '-q', '-o', 'out.jsonl', '--transform', './drop.mjs', '--omit-dropped'];
    const { status, stderr } = await cli(args, { cwd });
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr:
        'bulkfetch: with --omit-dropped this run cannot be resumed: nothing tells what was dropped from what was not fetched\n',
    });
    expect(sorted(readFileSync(path.join(cwd, 'out.jsonl'), 'utf8')).map(({ index }) => index)).toEqual([
      1, 2, 4, 5, 7, 8,
    ]);
    expect(existsSync(path.join(cwd, 'out.jsonl.bulkfetch'))).toBe(false);
    expect(await cli([...args, '--resume'], { cwd })).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'bulkfetch: --resume needs a line for every task, and --omit-dropped leaves some out: give one of them\n',
    });
  });
});

describe('what is wrong with transforms, exit 2', () => {
  const count = 'must be a whole number of at least 1';
  it.each([
    [['--transform', ''], '--transform: must name a transform, as in ./hash.ts or hash:sha256'],
    [['--transform', './nothere.ts'], "--transform: ./nothere.ts: Cannot find module 'CWD/nothere.ts'"],
    [['--transform', './bad.ts'], '--transform: bad.ts:2:9: Expression expected'],
    [['--transform', './double.ts', '--transform-workers', '0'], `--transform-workers: ${count}, not "0"`],
    [
      ['--transform', './double.ts', '--transform-timeout', 'soon'],
      '--transform-timeout: must be a duration such as 500ms, 10s, 2m or 1h (a bare number is seconds), not "soon"',
    ],
    [['--omit-dropped'], '--omit-dropped: nothing is dropped without a --transform'],
  ])('%j', async (args, said) => {
    const cwd = scratch({ ...files, 'bad.ts': 'export default () => {\n  let = ;\n};' });
    expect(await cli([`${url}/usage`, '-o', 'out.jsonl', ...args], { cwd })).toEqual({
      status: 2,
      stdout: '',
      stderr: `bulkfetch: ${said.replace('CWD', cwd)}\n`,
    });
    expect({ hits: server.hits('/usage'), out: existsSync(path.join(cwd, 'out.jsonl')) }).toEqual({
      hits: 0,
      out: false,
    });
  });

  it('a configuration file that was only found may not name one', async () => {
    const cwd = scratch({ ...files, 'bulkfetch.config.json': '{"transform": ["./double.ts"]}' });
    const { status, stderr } = await cli([`${url}/usage`], { cwd });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/transform: a transform is run only from a file that you name/),
    });
  });
});

it('Ctrl-C: what was fetched goes through the transforms, and the run ends', async () => {
  const cwd = scratch(files);
  const args = [`${url}/[1-2000]`, '-q', '-c', '2', '-o', 'out.jsonl', '--transform', './double.ts'];
  const child = startCli(args, { cwd });
  const out = path.join(cwd, 'out.jsonl');
  await until(() => existsSync(out) && readFileSync(out, 'utf8').includes('\n'));
  child.kill('SIGINT');
  const { status } = await ended(child);
  expect(status).toBe(130);
  const records = lines(readFileSync(out, 'utf8'));
  expect(records.filter(({ ok, index, result }) => ok && result !== 2 * index)).toEqual([]);
});
