import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod/mini';
import { figure } from './figures.ts';
import { node } from './options.ts';
import { start } from './process.ts';
import type { Bench, Section } from './types.ts';

/** Concurrencies that a person would try; the server's own number is not among them. */
const fixedLevels = ['8', '12', '16', '24', '32', '48', '64', '96', '128'];

/** How long a run lasts, its server being slowed down half way. */
const capacitySeconds = 20;
const limitSeconds = 60;

const changes = {
  'half of 40 workers of 50 ms are lost': ['40', '50', '20', '50'],
  '40 workers of 50 ms take 100 ms each': ['40', '50', '40', '100'],
} as const;

const limits = {
  '100/s, burst of 100, 20 ms': ['100', '100', '20', '0'],
  '100/s, burst of 100, 1 ms, Retry-After: 1': ['100', '100', '1', '1'],
  '100/s, burst of 10, 5 ms': ['100', '10', '5', '0'],
} as const;

const schema = z.object({
  elapsedMs: z.number(),
  attempts: z.number(),
  tasks: z.object({ ok: z.number() }),
  latencyMs: z.object({ p99: z.number() }),
});

/** One run: what came back in the time, and how long the slowest hundredth took. */
interface Run {
  readonly perSecond: number;
  readonly p99: number;
  readonly refusedShare: number;
}

/** `--concurrency auto` against every fixed setting, on servers whose capacity it does not know. */
export async function measureAuto(bench: Bench): Promise<Section> {
  const rows: string[][] = [];
  const figures: Section['figures'][number][] = [];
  const data: Record<string, unknown> = {};
  for (const [title, change] of Object.entries(changes)) {
    const runs = new Map<string, Run>();
    for (const level of ['auto', ...fixedLevels]) {
      const run = await runOnce(
        bench,
        ['capacity', ...change, String(500 * length(bench, capacitySeconds))],
        level,
        capacitySeconds,
      );
      runs.set(level, run);
      rows.push(rowOf(title, level, run));
      bench.say(`auto: ${rows.at(-1)?.join(', ')}`);
    }
    data[title] = Object.fromEntries(runs);
    figures.push(...compare(title, runs, !bench.quick));
  }
  for (const [title, limit] of Object.entries(limits)) {
    const run = await runOnce(bench, ['limit', ...limit], 'auto', limitSeconds);
    rows.push(rowOf(title, 'auto', run));
    bench.say(`auto: ${rows.at(-1)?.join(', ')}`);
    data[title] = run;
    figures.push(
      figure(`${title}: of the allowed rate`, '>=', 95, '%', run.perSecond, !bench.quick),
      figure(`${title}: refused`, '<=', 2, '%', 100 * run.refusedShare, !bench.quick),
    );
  }
  return {
    id: 'auto',
    title: '`--concurrency auto`, on a server whose capacity is unknown',
    columns: ['server', 'concurrency', 'answers/s', 'p99 ms', 'refused'],
    rows,
    notes: [
      `Each run lasts ${capacitySeconds} s (${limitSeconds} s with a rate limit), from the first request: no warm-up is left out. The server changes half way.`,
      'The best fixed setting is the one with the most answers a second; among those within 2 % of it, the one with the least p99.',
    ],
    figures,
    data,
  };
}

/** A quick run lasts a fifth of the time. */
function length({ quick }: Bench, seconds: number): number {
  return quick ? seconds / 5 : seconds;
}

function compare(title: string, runs: ReadonlyMap<string, Run>, judge: boolean): Section['figures'] {
  const auto = runs.get('auto');
  const fixed = [...runs].filter(([level]) => level !== 'auto').map(([, run]) => run);
  const top = Math.max(...fixed.map(({ perSecond }) => perSecond));
  const best = fixed.filter(({ perSecond }) => perSecond >= 0.98 * top).toSorted((x, y) => x.p99 - y.p99)[0];
  const share = auto === undefined ? undefined : (100 * auto.perSecond) / top;
  const slower = auto === undefined || best === undefined ? undefined : auto.p99 / best.p99;
  return [
    figure(`${title}: throughput, of the best fixed`, '>=', 90, '%', share, judge),
    figure(`${title}: p99, of the best fixed`, '<=', 1, 'x', slower, judge),
  ];
}

function rowOf(title: string, level: string, { perSecond, p99, refusedShare }: Run): string[] {
  return [title, level, perSecond.toFixed(1), p99.toFixed(0), `${(100 * refusedShare).toFixed(2)} %`];
}

/** A list longer than the time, ended by SIGINT: in flight is then a fraction of a second. */
async function runOnce(
  bench: Bench,
  server: readonly string[],
  level: string,
  seconds: number,
): Promise<Run> {
  const child = spawn(
    'taskset',
    ['-c', '1', node, path.join(import.meta.dirname, 'auto-server.ts'), ...server],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const summary = path.join(bench.folder, 'auto.json');
  try {
    const [port] = await once(createInterface(child.stdout), 'line');
    const url = `http://127.0.0.1:${port}/[1-1000000]`;
    const argv = [node, bench.bin, url, '-c', level, '--retry', '20', '-q', '--summary', summary];
    const client = start(argv, {}, bench.signal);
    const timer = setTimeout(() => client.child.kill('SIGINT'), 1000 * length(bench, seconds));
    await client.exit;
    clearTimeout(timer);
  } finally {
    child.kill();
  }
  const { elapsedMs, attempts, tasks, latencyMs } = schema.parse(JSON.parse(await readFile(summary, 'utf8')));
  return {
    perSecond: (1000 * tasks.ok) / elapsedMs,
    p99: latencyMs.p99,
    refusedShare: (attempts - tasks.ok) / attempts,
  };
}
