import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { formatCount } from '../../src/report/format.ts';
import { mulberry32 } from '../../src/serve/random.ts';
import { scriptedServer } from '../servers/scripted.ts';
import { until } from '../servers/until.ts';
import { cli, ended, lines, startCli } from './cli.ts';
import { momentsOf } from './moments.ts';
import { scratch } from './scratch.ts';

/** What a file has, by the tool that users read it with. */
const readers: Readonly<Record<string, (file: string) => string>> = {
  'out.jsonl': (file) => fs.readFileSync(file, 'utf8'),
  'out.jsonl.gz': (file) => output('gzip', file),
  'out.jsonl.zst': (file) => output('zstd', file),
};

function output(tool: string, file: string): string {
  return execFileSync(tool, ['-d', '-c', '-q', file], { encoding: 'utf8', maxBuffer: 2 ** 30 });
}

// One list each, killed again and again. The moments are seeded, though the machine decides what they hit.
describe.each([
  ['out.jsonl', momentsOf(100), 40 * momentsOf(100), []],
  ['out.jsonl.gz', 8, 500, []],
  ['out.jsonl.zst', 8, 500, ['--ordered']],
] as const)('%s', (name, kills, tasks, flags) => {
  it(`has each task once after ${kills} × kill -9 at random moments`, { timeout: 60_000 }, async () => {
    await using api = await scriptedServer({
      '*': async ({ target }) => {
        await delay(5);
        return { headers: { 'content-type': 'text/plain' }, body: target.padEnd(1500, '€') };
      },
    });
    const cwd = scratch();
    const args = [`${api.url}/[1-${tasks}]`, '-o', name, '--resume', '-c', '8', ...flags];
    const random = mulberry32(5);
    let interrupted = 0;
    for (let kill = 0; kill < kills; kill++) {
      const child = startCli([...args, '-q'], { cwd });
      const end = ended(child);
      const before = api.received.length;
      if (random() < 0.7) {
        // Most moments are while it fetches, the others while it starts and reads what there is.
        await until(() => api.received.length > before || child.exitCode !== null, { timeoutMs: 20_000 });
      }
      await delay(30 * random());
      child.kill('SIGKILL');
      const { status, stderr } = await end;
      expect(stderr).toBe('');
      interrupted += status === null ? 1 : 0;
    }
    expect(interrupted).toBe(kills); // the list was long enough
    expect(await cli([...args, '-q'], { cwd })).toEqual({ status: 0, stdout: '', stderr: '' });

    const records = lines(readers[name]!(path.join(cwd, name))); // throws when a line is torn
    expect(records.map(({ index }) => index).sort((a, b) => a - b)).toEqual(
      Array.from({ length: tasks }, (_, index) => index),
    );
    for (const { index, url, body, ok } of records) {
      const target = `/${index + 1}`;
      expect([ok, url, body]).toEqual([true, api.url + target, target.padEnd(1500, '€')]);
    }
    expect(fs.readdirSync(cwd).sort()).toEqual([name, `${name}.bulkfetch`]);
    const all = formatCount(tasks);
    const { status, stdout } = await cli(['status', name], { cwd });
    expect([status, stdout]).toEqual([
      0,
      `${name}: ${all} of ${all} tasks done: ${all} ok · 0 failed (complete)\n`,
    ]);
  });
});
