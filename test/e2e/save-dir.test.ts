import {
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { scriptedServer } from '../servers/scripted.ts';
import { cli, lines, sorted } from './cli.ts';
import { scratch } from './scratch.ts';

const json = '{\n  "spaced": 1.0\n}\n';
const png = Uint8Array.of(0x89, 0x50, 0, 255);
const server = await scriptedServer({
  '/json': { headers: { 'content-type': 'application/json; charset=utf-8' }, body: json },
  '/logo.png': { headers: { 'content-type': 'image/png' }, body: png },
  '/packed': { headers: { 'content-type': 'text/csv', 'content-encoding': 'gzip' }, body: gzipSync('a,b\n') },
  '/latin': { headers: { 'content-type': 'text/plain; charset=iso-8859-1' }, body: Uint8Array.of(0xfc) },
  '/data.csv.gz': { headers: { 'content-type': 'application/gzip' }, body: gzipSync('a,b\n') },
  '/empty': { headers: { 'content-type': 'text/html' }, body: '' },
  '/none': { status: 204 },
  '/gone': { status: 410, headers: { 'content-type': 'application/json' }, body: '{"why":"moved"}' },
  '*': { body: 'ok' },
});
const { url } = server;
afterAll(() => server.close());

describe('--save-dir', () => {
  it.each([{ form: 'auto' }, { form: 'none' }])(
    'saves bodies as they are with --body $form',
    async ({ form }) => {
      const cwd = scratch();
      const args = [`${url}/{json,logo.png,latin,packed}`, '-q', '--save-dir', 'out/bodies', '--body', form];
      const { status, stdout, stderr } = await cli(args, { cwd });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const records = sorted(stdout);
      expect(records.map(({ file, bytes, body }) => ({ file, bytes, body }))).toEqual([
        { file: 'out/bodies/0.json', bytes: json.length, body: undefined },
        { file: 'out/bodies/1.png', bytes: 4, body: undefined },
        { file: 'out/bodies/2.txt', bytes: 1, body: undefined },
        { file: 'out/bodies/3.csv', bytes: 4, body: undefined },
      ]);
      expect(records.map(({ file = '' }) => readFileSync(path.join(cwd, file)))).toEqual([
        Buffer.from(json),
        Buffer.from(png),
        Buffer.of(0xfc),
        Buffer.from('a,b\n'),
      ]);
      expect(readdirSync(path.join(cwd, 'out/bodies'))).toHaveLength(4); // no draft is left
    },
  );

  it('saves the empty body of a success, and shows that of a failure', async () => {
    const cwd = scratch();
    const { stdout } = await cli([`${url}/{empty,none,gone}`, '-q', '--save-dir', 'out'], { cwd });
    expect(sorted(stdout).map(({ file, body }) => ({ file, body }))).toEqual([
      { file: 'out/0.html', body: undefined },
      {},
      { body: { why: 'moved' } },
    ]);
    expect(readdirSync(path.join(cwd, 'out'))).toEqual(['0.html']);
  });

  it.each([
    { flags: ['--save-name', 'url'], names: [/^127\.0\.0\.1%3A\d+%2Fjson\.json$/, /%2Flogo\.png$/] },
    { flags: ['--save-name', 'hash'], names: [/^[0-9a-f]{64}\.json$/, /^[0-9a-f]{64}\.png$/] },
  ])('$flags', async ({ flags, names }) => {
    const cwd = scratch();
    const { stdout } = await cli([`${url}/{json,logo.png}`, '-q', '--save-dir', 'out', ...flags], { cwd });
    const given = sorted(stdout).map(({ file = '' }) => path.basename(file));
    expect(given).toEqual(names.map((name) => expect.stringMatching(name)));
    expect(readdirSync(path.join(cwd, 'out')).sort()).toEqual(given.sort());
  });

  it('names what a transform has made after what it is', async () => {
    const cwd = scratch({
      'to-text.mjs': `export default (r, c) => (c.replaceBody(Buffer.from('text'), 'text/plain'), r);`,
      'same.mjs': 'export default (r) => ({ ...r, seen: true });',
    });
    const saved = async (...args: readonly string[]) => {
      const { stdout } = await cli([`${url}/data.csv.gz`, '-q', '--save-dir', 'out', ...args], { cwd });
      return lines(stdout).map(({ file }) => [file, readFileSync(path.join(cwd, file!)).toString('latin1')]);
    };
    expect(await saved('--transform', 'gunzip')).toEqual([['out/0', 'a,b\n']]);
    expect(await saved('--transform', 'gunzip', '--save-name', 'url')).toEqual([
      [expect.stringMatching(/data\.csv$/), 'a,b\n'],
    ]);
    expect(await saved('--transform', './to-text.mjs')).toEqual([['out/0.txt', 'text']]);
    expect(await saved('--transform', './same.mjs')).toEqual([
      ['out/0.gz', gzipSync('a,b\n').toString('latin1')],
    ]);
  });

  it('names by content: the same is one file', async () => {
    const cwd = scratch();
    const args = [`${url}/[1-50]`, '-q', '--save-dir', 'out', '--save-name', 'hash'];
    const first = await cli(args, { cwd });
    const again = await cli(args, { cwd });
    expect([first.status, again.status]).toEqual([0, 0]);
    expect(new Set(lines(first.stdout + again.stdout).map(({ file }) => file)).size).toBe(1);
    expect(readdirSync(path.join(cwd, 'out'))).toHaveLength(1);
  });

  it('overwrites nothing of its own: not a body of the same id, nor its output', async () => {
    const cwd = scratch();
    const ids = ['--ids', 'a,a,a,records.jsonl,urls'];
    const args = [`${url}/{id}`, ...ids, '-q', '--save-dir', 'out', '-o', 'out/records.jsonl'];
    const { status } = await cli(args, { cwd });
    const records = lines(readFileSync(path.join(cwd, 'out/records.jsonl'), 'utf8'));
    expect({ status, ids: records.map(({ id }) => id).sort() }).toEqual({
      status: 0,
      ids: ['a', 'a', 'a', 'records.jsonl', 'urls'],
    });
    const files = ['a', 'a-2', 'a-3', 'records.jsonl', 'records.jsonl-2', 'urls'];
    expect(readdirSync(path.join(cwd, 'out')).sort()).toEqual(files);
  });

  it('never writes outside, whatever the id and whatever stands in the folder', async () => {
    const cwd = scratch({ 'outside.txt': 'kept', 'hard.txt': 'kept' });
    const out = path.join(cwd, 'out');
    mkdirSync(out);
    symlinkSync('../outside.txt', path.join(out, 'link'));
    linkSync(path.join(cwd, 'hard.txt'), path.join(out, 'hard'));
    writeFileSync(path.join(out, 'old'), 'of an earlier run');
    const ids = String.raw`..,.,../outside.txt,/etc/passwd,~,link,hard,old`;
    const { status } = await cli([`${url}/x?{id}`, '--ids', ids, '-q', '--save-dir', 'out'], { cwd });
    expect(status).toBe(0);
    expect(readdirSync(cwd).sort()).toEqual(['hard.txt', 'out', 'outside.txt']);
    for (const name of ['outside.txt', 'hard.txt']) {
      expect(readFileSync(path.join(cwd, name), 'utf8')).toBe('kept');
    }
    const files = readdirSync(out);
    expect(files).toHaveLength(8);
    for (const name of files) {
      expect(lstatSync(path.join(out, name)).isFile()).toBe(true);
      expect(readFileSync(path.join(out, name), 'utf8')).toBe('ok');
    }
  });

  it('3 when the folder cannot be made, before anything is fetched', async () => {
    const cwd = scratch({ file: '' });
    const { status, stderr } = await cli([`${url}/unasked`, '--save-dir', 'file'], { cwd });
    expect({ status, stderr }).toEqual({
      status: 3,
      stderr: "bulkfetch: cannot write file: EEXIST: file already exists, mkdir 'file'\n",
    });
    expect(server.hits('/unasked')).toBe(0);
  });

  // Node's recursive mkdir never ends there.
  it.each(['/proc/x', '/proc/x/y'])('3 when the system makes no such folder: %s', async (folder) => {
    const { status, stderr } = await cli([`${url}/unasked`, '--save-dir', folder]);
    expect({ status, stderr }).toMatchObject({ status: 3, stderr: expect.stringContaining(folder) });
  });

  it('3 when a file cannot be written; no draft is left', async () => {
    const cwd = scratch();
    mkdirSync(path.join(cwd, 'out/0'), { recursive: true }); // a folder has the name
    const { status, stdout, stderr } = await cli([`${url}/x`, '-q', '--save-dir', 'out'], { cwd });
    expect({ status, stdout, stderr }).toEqual({
      status: 3,
      stdout: '',
      stderr: expect.stringMatching(/^bulkfetch: cannot write out\/0: EISDIR: .*\n$/),
    });
    expect(readdirSync(path.join(cwd, 'out'))).toEqual(['0']);
  });
});
