import { readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { scriptedServer } from '../servers/scripted.ts';
import { until } from '../servers/until.ts';
import { cli, lines, shell, startCli } from './cli.ts';
import { scratch } from './scratch.ts';

const user = '{"id":12345678901234567890,"name":"Ada"}';
const server = await scriptedServer({
  '/user': { headers: { 'content-type': 'application/json', 'x-tenant': 'a' }, body: user },
  '/gone': { status: 410 },
  '/never': () => new Promise<never>(() => {}),
  '*': { body: 'ok' },
});
const { url } = server;
afterAll(() => server.close());

describe('several outputs', () => {
  it('each have every record', async () => {
    const cwd = scratch();
    const args = [`${url}/[1-500]`, '-q', '-o', '-', '-o', 'a.jsonl', '-o', 'b.jsonl.gz', '-o', 'c.zst'];
    const { status, stdout, stderr } = await cli(args, { cwd });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(lines(stdout)).toHaveLength(500);
    const read = (name: string) => readFileSync(path.join(cwd, name));
    expect(String(read('a.jsonl'))).toBe(stdout);
    expect(String(zlib.gunzipSync(read('b.jsonl.gz')))).toBe(stdout);
    expect(String(zlib.zstdDecompressSync(read('c.zst')))).toBe(stdout);
  });

  it('3 when one cannot be written; the others are closed', async () => {
    const cwd = scratch();
    symlinkSync('/dev/full', path.join(cwd, 'full.jsonl'));
    const args = [`${url}/[1-5]`, '-q', '-o', 'a.jsonl.gz', '-o', 'full.jsonl'];
    const { status, stderr } = await cli(args, { cwd });
    expect({ status, stderr }).toEqual({
      status: 3,
      stderr: 'bulkfetch: cannot write full.jsonl: ENOSPC: no space left on device, write\n',
    });
    const rest = String(zlib.gunzipSync(readFileSync(path.join(cwd, 'a.jsonl.gz'))));
    expect(lines(rest).length).toBeGreaterThan(0);
  });

  it('a reader that goes away ends only its own', async () => {
    const cwd = scratch();
    const command = `set -o pipefail; bulkfetch '${url}/[1-3000]' -q -o - -o all.jsonl | head -n 1`;
    const { status, stdout, stderr } = await shell(command, { cwd });
    expect({ status, lines: lines(stdout).length, stderr }).toEqual({ status: 0, lines: 1, stderr: '' });
    expect(lines(readFileSync(path.join(cwd, 'all.jsonl'), 'utf8'))).toHaveLength(3000);
  });

  it.each([
    { args: ['-o', 'a', '-o', './a'], said: '--output a and --output ./a are the same file' },
    { args: ['-o', 'a', '-o', 'link'], said: '--output a and --output link are the same file' },
    { args: ['-o', '-', '-o', '-'], said: '--output - and --output - are the same file' },
    { args: ['-o', 'a', '--summary', 'a'], said: '--output a and --summary a are the same file' },
    {
      args: ['-o', 'b', '-o', 'urls.txt'],
      said: '--output: urls.txt is also an input; writing would destroy it',
    },
    { args: ['>>', 'urls.txt'], said: '--output: - is also an input; writing would destroy it' },
  ])('2 when one would destroy another: $args', async ({ args, said }) => {
    const cwd = scratch({ 'urls.txt': `${url}/1\n`, a: 'kept' });
    symlinkSync('a', path.join(cwd, 'link'));
    const { status, stderr } = await shell(`bulkfetch urls.txt ${args.join(' ')}`, { cwd });
    expect({ status, stderr }).toEqual({ status: 2, stderr: `bulkfetch: ${said}\n` });
    expect(readFileSync(path.join(cwd, 'a'), 'utf8')).toBe('kept');
  });
});

it('a compressed output can be read after a kill', async () => {
  const cwd = scratch();
  const file = path.join(cwd, 'out.jsonl.gz');
  const child = startCli([`${url}/{1,never}`, '-q', '-o', file], { cwd });
  const soFar = () => {
    try {
      return String(zlib.gunzipSync(readFileSync(file), { finishFlush: zlib.constants.Z_SYNC_FLUSH }));
    } catch {
      return ''; // nothing there yet
    }
  };
  await until(() => soFar() !== '');
  child.kill('SIGKILL');
  expect(lines(soFar())).toHaveLength(1);
});

describe('what a line holds', () => {
  it('--include-headers: every header field', async () => {
    const [record] = lines((await cli([`${url}/user`, '-q', '--include-headers'])).stdout);
    expect(record).toMatchObject({ headers: { 'content-type': 'application/json', 'x-tenant': 'a' } });
  });

  it('--fields: those alone, in that order, with every digit', async () => {
    const fields = 'id,status,body.name,body.id,headers.x-tenant,error.code';
    const { stdout } = await cli([`${url}/{user,gone}`, '-q', '--ordered', '--fields', fields]);
    expect(stdout).toBe(
      '{"id":"0","status":200,"body.name":"Ada","body.id":12345678901234567890,"headers.x-tenant":"a"}\n' +
        '{"id":"1","status":410,"error.code":"HTTP_STATUS"}\n',
    );
  });

  it('2 for a field that there is not', async () => {
    const { status, stderr } = await cli([`${url}/1`, '--fields', 'id,state']);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/^bulkfetch: --fields: a record has no field state: it has index, id, /),
    });
  });
});
