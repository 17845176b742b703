import { readFileSync } from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { Fsync } from '../../src/model/options/run-options.ts';
import { cli, ended, lines, startCli } from '../e2e/cli.ts';
import { scratch } from '../e2e/scratch.ts';
import { scriptedServer } from '../servers/scripted.ts';
import { failing, type Fault } from './failing-fs.ts';

const count = 400;
const server = await scriptedServer({ '*': { body: 'ok' } });
const urls = `${server.url}/[1-${count}]`;
afterAll(() => server.close());

const { Z_SYNC_FLUSH, ZSTD_e_flush } = zlib.constants;
const read = {
  'out.jsonl': String,
  'out.jsonl.gz': (bytes: Buffer) => String(zlib.gunzipSync(bytes, { finishFlush: Z_SYNC_FLUSH })),
  'out.jsonl.zst': (bytes: Buffer) => String(zlib.zstdDecompressSync(bytes, { finishFlush: ZSTD_e_flush })),
} as const;
type Name = keyof typeof read;
const names = Object.keys(read) as Name[];

/** The whole lines of an output, and what stands after the last of them. */
function contentOf(cwd: string, name: Name) {
  const text = read[name](readFileSync(path.join(cwd, name)));
  const end = text.lastIndexOf('\n') + 1;
  return { records: lines(text.slice(0, end)), torn: text.slice(end) };
}

/** Runs into a fault, which is to be told in one line. */
async function runInto(fault: Fault, args: readonly string[]) {
  const cwd = scratch();
  const { status, stderr } = await cli([urls, '-q', ...args], { cwd, env: failing(fault) });
  const { file, code, call } = fault;
  const said = `bulkfetch: cannot write ${file}: ${code}: injected, ${call}\n`;
  expect({ status, stderr }).toEqual({ status: 3, stderr: said });
  return cwd;
}

describe.each(names)('%s', (name) => {
  it('a write that fails is told in a line; lines are whole, but for the last where the disk took a part', async () => {
    const cases = [
      { at: 1, code: 'ENOSPC' },
      { at: 2, code: 'EIO' },
      { at: 1, code: 'ENOSPC', takes: 1000 },
      { at: 2, code: 'EDQUOT', takes: 1 },
    ];
    await Promise.all(
      cases.map(async (fault) => {
        const cwd = await runInto({ file: name, call: 'write', ...fault }, ['-o', name]);
        const { records, torn } = contentOf(cwd, name);
        expect(records.length).toBeLessThan(count);
        if (fault.takes === undefined) {
          expect([records.length > 0, torn]).toEqual([fault.at > 1, '']);
        }
      }),
    );
  });

  it('a close or fsync that fails is told', async () => {
    const cases: (Omit<Fault, 'file'> & { fsync: Fsync; whole: boolean })[] = [
      { call: 'close', fsync: 'none', whole: true },
      { call: 'fsync', at: 2, fsync: 'each', whole: false }, // the first is before anything is fetched
      { call: 'fsync', at: 2, fsync: 'interval', whole: true }, // the last is in the end
    ];
    await Promise.all(
      cases.map(async ({ fsync, whole, ...fault }) => {
        const cwd = await runInto({ file: name, code: 'EIO', ...fault }, ['-o', name, '--fsync', fsync]);
        expect(contentOf(cwd, name).records.length === count).toBe(whole);
      }),
    );
  });

  it('writes that are not taken whole, or not at once, lose nothing', async () => {
    const cases = [{ takes: 7 }, { code: 'EAGAIN', at: 2 }, { takes: 1, code: 'EAGAIN', at: 3 }];
    await Promise.all(
      cases.map(async (fault) => {
        const cwd = scratch();
        const args = [`${server.url}/[1-50]`, '-q', '-o', name];
        const result = await cli(args, { cwd, env: failing({ file: name, call: 'write', ...fault }) });
        expect(result).toEqual({ status: 0, stdout: '', stderr: '' });
        const { records, torn } = contentOf(cwd, name);
        expect([new Set(records.map(({ index }) => index)).size, records.length, torn]).toEqual([50, 50, '']);
      }),
    );
  });
});

it.each(['interval', 'each'])(
  '--fsync %s: a disk that cannot sync is told before any request',
  async (fsync) => {
    const before = server.received.length;
    await runInto({ file: 'out.jsonl', call: 'fsync', code: 'EIO' }, ['-o', 'out.jsonl', '--fsync', fsync]);
    expect(server.received).toHaveLength(before);
  },
);

it('--fsync interval: one that fails meanwhile ends a run that would go on for ever', async () => {
  const env = failing({ file: 'out.jsonl', call: 'fsync', at: 2, code: 'EIO' });
  const child = startCli(['-', '-q', '-o', 'out.jsonl', '--fsync', 'interval'], { cwd: scratch(), env });
  const feeding = setInterval(() => child.stdin.write(`${server.url}/1\n`), 20);
  const { status, stderr } = await ended(child).finally(() => clearInterval(feeding));
  const said = 'bulkfetch: cannot write out.jsonl: EIO: injected, fsync\n';
  expect({ status, stderr }).toEqual({ status: 3, stderr: said });
});

it('--fsync each: of several outputs, one that cannot be synced ends the run; the other is whole', async () => {
  const args = ['-o', 'out.jsonl.gz', '-o', 'out.jsonl', '--fsync', 'each'];
  const cwd = await runInto({ file: 'out.jsonl', call: 'fsync', at: 2, code: 'EIO' }, args);
  expect(() => zlib.gunzipSync(readFileSync(path.join(cwd, 'out.jsonl.gz')))).not.toThrow();
});

it('standard output that fails is told', async () => {
  await runInto({ file: 'standard output', call: 'write', at: 2, code: 'EIO' }, []);
});

it('--fsync each: files of bodies are written too', async () => {
  const cwd = scratch();
  const args = ['-q', '--fsync', 'each', '--save-dir', 'bodies', '-o', 'out.jsonl'];
  const { status } = await cli([`${server.url}/[1-20]`, ...args], { cwd });
  const { records } = contentOf(cwd, 'out.jsonl');
  expect([status, records.length]).toEqual([0, 20]);
  expect(records.map(({ file }) => readFileSync(path.join(cwd, file!), 'utf8'))).toEqual(
    records.map(() => 'ok'),
  );
});

it('--fsync takes pipes and devices as they are', async () => {
  const result = await cli([`${server.url}/1`, '-q', '--fsync', 'each', '-o', '/dev/null', '-o', '-']);
  expect({ ...result, stdout: lines(result.stdout).length }).toEqual({ status: 0, stdout: 1, stderr: '' });
});
