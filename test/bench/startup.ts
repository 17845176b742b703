import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { figure } from './figures.ts';
import { node } from './options.ts';
import { output, start } from './process.ts';
import type { Bench, Section } from './types.ts';

const schema = z.object({ results: z.array(z.object({ median: z.number() })) });

/** How long the command takes to say who it is, beside a Node that does nothing. */
export async function measureStartup(bench: Bench): Promise<Section> {
  const commands = {
    'node -e 0': `${node} -e 0`,
    'bulkfetch --version': `${node} ${bench.bin} --version`,
    'bulkfetch --help': `${node} ${bench.bin} --help`,
  };
  const seconds = await hyperfine(bench, Object.values(commands));
  const [bare, version, help] = seconds;
  const judge = !bench.quick;
  return {
    id: 'startup',
    title: 'Start-up',
    columns: ['command', 'median ms', 'ratio to bare Node'],
    rows: Object.keys(commands).map((name, index) => [
      name,
      ((seconds[index] ?? Number.NaN) * 1000).toFixed(1),
      `${((seconds[index] ?? Number.NaN) / (bare ?? Number.NaN)).toFixed(2)}x`,
    ]),
    notes: seconds.length === 0 ? ['hyperfine is missing: not measured'] : [],
    figures: [
      figure('bulkfetch --version : node -e 0', '<=', 2.5, 'x', ratio(version, bare), judge),
      figure('bulkfetch --help : node -e 0', '<=', 3, 'x', ratio(help, bare), judge),
    ],
    data: { seconds },
  };
}

/** Median seconds of each command; none when hyperfine is missing. */
async function hyperfine(bench: Bench, commands: readonly string[]): Promise<number[]> {
  if ((await output('hyperfine', ['--version'])) === undefined) {
    bench.say('missing: hyperfine');
    return [];
  }
  const file = path.join(bench.folder, 'startup.json');
  const runs = bench.quick ? '10' : '40';
  const argv = ['hyperfine', '-N', '--warmup', '5', '--runs', runs, '--export-json', file, ...commands];
  const status = await start(argv, {}, bench.signal).exit;
  if (status !== 0) {
    throw new Error(`hyperfine: exit status ${status}`);
  }
  return schema.parse(JSON.parse(await readFile(file, 'utf8'))).results.map((result) => result.median);
}

function ratio(part: number | undefined, whole: number | undefined): number | undefined {
  return part === undefined || whole === undefined ? undefined : part / whole;
}
