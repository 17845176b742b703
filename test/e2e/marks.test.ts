import { readFileSync } from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { mulberry32 } from '../../src/serve/random.ts';
import { failing } from '../faults/failing-fs.ts';
import { scriptedServer } from '../servers/scripted.ts';
import { cli, ended, lines, startCli, type Line } from './cli.ts';
import { momentsOf } from './moments.ts';
import { scratch } from './scratch.ts';

/** How often each target was seen, and what is done when a list has sent so many requests. */
const seen = new Map<string, number>();
const moments = new Map<string, { left: number; act: () => void }>();
const server = await scriptedServer({
  '*': ({ target }) => {
    seen.set(target, (seen.get(target) ?? 0) + 1);
    const moment = moments.get(target.split('/')[1]!);
    if (moment !== undefined && --moment.left === 0) {
      moment.act();
    }
    return { body: 'ok' };
  },
});
afterAll(() => server.close());

const random = mulberry32(11);
const pick = (below: number) => Math.floor(random() * below);

function recordsIn(file: string): Line[] {
  const bytes = readFileSync(file);
  return lines(String(file.endsWith('.zst') ? zlib.zstdDecompressSync(bytes) : bytes));
}

/** The marks beside an output: indexes of tasks. */
function marksIn(file: string): number[] {
  const notes = readFileSync(`${file}.bulkfetch`, 'utf8').trimEnd().split('\n').slice(1);
  return notes.flatMap((note) => (JSON.parse(note) as { sent?: number[] }).sent ?? []);
}

describe('a mark in the sidecar', () => {
  it('is made for each POST', async () => {
    const cwd = scratch();
    await cli([`${server.url}/each/[1-30]`, '-d', 'x', '-q', '-o', 'out.jsonl'], { cwd });
    const marks = marksIn(path.join(cwd, 'out.jsonl'));
    expect(marks.sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, index) => index));
  });

  it.each([
    [[]],
    [['-X', 'PUT', '-d', 'x']],
    [['-d', 'x', '--idempotency-key']],
    [['-d', 'x', '--retry-unsafe']],
  ])('is not made where nothing forbids to send twice: %j', async (args) => {
    const cwd = scratch();
    await cli([`${server.url}/none/[1-3]`, ...args, '-q', '-o', 'out.jsonl'], { cwd });
    expect(marksIn(path.join(cwd, 'out.jsonl'))).toEqual([]);
  });

  it.each([
    { at: 1, fault: { call: 'write', code: 'ENOSPC' } },
    { at: 3, fault: { call: 'write', code: 'EIO', takes: 4 } },
    { at: 4, fault: { call: 'fsync', code: 'EIO' } },
  ] as const)('that cannot be made ends the run before the request: %j', async ({ at, fault }) => {
    const cwd = scratch();
    const sidecar = 'out.jsonl.bulkfetch';
    const list = `broken-${fault.call}-${at}`;
    const args = [`${server.url}/${list}/[0-199]`, '-d', 'x', '-c', '3', '-q', '-o', 'out.jsonl'];
    const fsync = ['--fsync', fault.call === 'fsync' ? 'each' : 'none'];
    const env = failing({ file: sidecar, at, ...fault });
    const { status, stderr } = await cli([...args, ...fsync], { cwd, env });
    const said = `bulkfetch: cannot write ${sidecar}: ${fault.code}: injected, ${fault.call}\n`;
    expect({ status, stderr }).toEqual({ status: 3, stderr: said });
    const records = recordsIn(path.join(cwd, 'out.jsonl'));
    const sent = [...seen.keys()].filter((target) => target.startsWith(`/${list}/`));
    expect(records.map(({ url }) => new URL(url).pathname).sort()).toEqual(sent.sort());

    await cli([...args, '--resume'], { cwd });
    const all = recordsIn(path.join(cwd, 'out.jsonl'));
    expect(new Set(all.map(({ index }) => index)).size).toBe(200);
    expect(all).toHaveLength(200);
  });
});

/** Kills a list of POSTs so often, goes on each time, and then to the end. Gives the records. */
async function killedRecords(list: string, tasks: number, kills: number, args: readonly string[]) {
  const cwd = scratch();
  const urls = `${server.url}/${list}/[0-${tasks - 1}]`;
  const all = [urls, '-d', 'x', '-c', '8', '-q', '--resume', ...args];
  for (let killed = 0; killed < kills; killed++) {
    const child = startCli(all, { cwd });
    const kill = () => setTimeout(() => child.kill('SIGKILL'), random() * 4);
    moments.set(list, { left: 1 + pick(40), act: kill });
    if (killed % 5 === 0) {
      setTimeout(kill, pick(150)); // while it starts up, perhaps
    }
    await ended(child);
  }
  moments.delete(list);
  await cli(all, { cwd });
  return recordsIn(path.join(cwd, args[1]!));
}

const killsEach = momentsOf(25);

it(
  `of POSTs that are killed and resumed at ${4 * killsEach} moments, none comes twice and each has its line`,
  { timeout: 60_000 },
  async () => {
    const tasks = 20 * killsEach;
    const chains = [
      ['-o', 'out.jsonl'],
      ['-o', 'out.jsonl', '--fsync', 'each'],
      ['-o', 'out.zst'],
      ['-o', 'out.jsonl', '--ordered'],
    ];
    const counts = { answered: 0, lost: 0 };
    await Promise.all(
      chains.map(async (args, at) => {
        const records = await killedRecords(`killed-${at}`, tasks, killsEach, args);
        const indexes = records.map(({ index }) => index).sort((a, b) => a - b);
        expect(indexes).toEqual(Array.from({ length: tasks }, (_, index) => index));
        for (const { url, ok, error } of records) {
          const times = seen.get(new URL(url).pathname) ?? 0;
          expect([ok, error?.code, times]).toEqual(
            ok ? [true, undefined, 1] : [false, 'MAYBE_SENT', expect.toSatisfy((n) => n <= 1)],
          );
          counts[ok ? 'answered' : 'lost'] += times;
        }
      }),
    );
    expect(counts.answered).toBeGreaterThan(0);
    expect(counts.lost).toBeGreaterThan(0); // else no kill has come between a request and its record
  },
);
