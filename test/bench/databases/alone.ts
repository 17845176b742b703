import { mkdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import * as z from 'zod/mini';
import { figure } from '../figures.ts';
import { benchFolder, node } from '../options.ts';
import { printedBy } from '../printed.ts';
import { clientCore } from '../process.ts';
import { median } from '../statistics.ts';
import type { Bench, Section } from '../types.ts';
import type { PostgresDatabase } from './postgres-database.ts';

/** Asked of each database. */
const askedRows = 50_000;

const schema = z.object({ seconds: z.number(), cpuSeconds: z.number() });

type Run = z.output<typeof schema>;

/** Where rows go, and on which cores the process may run; servers may use all. */
interface Case {
  readonly sink: 'JSON Lines' | 'SQLite' | 'PostgreSQL';
  readonly cores: string;
}

/** Records of 1 KB into each sink, with nothing before it: what the sink itself can take. */
export async function measureAlone(bench: Bench, postgres: PostgresDatabase | undefined): Promise<Section> {
  const rows = bench.quick ? 10_000 : 100_000;
  const all = `0-${availableParallelism() - 1}`;
  const cases: readonly Case[] = [all, clientCore].flatMap((cores) => [
    { sink: 'JSON Lines', cores } as const,
    { sink: 'SQLite', cores } as const,
    ...(postgres === undefined ? [] : [{ sink: 'PostgreSQL', cores } as const]),
  ]);
  const runs = new Map<Case, Run[]>(cases.map((one) => [one, []]));
  for (let round = 1; round <= bench.runs; round += 1) {
    for (const one of cases) {
      const run = await runOnce(bench, one, rows, postgres);
      runs.get(one)?.push(run);
      const speed = Math.round(rows / run.seconds);
      bench.say(`databases, alone ${round}/${bench.runs} ${one.sink}, cores ${one.cores}: ${speed} rows/s`);
    }
  }
  const speeds = cases.map(
    (one) => rows / (median(runs.get(one)?.map(({ seconds }) => seconds) ?? []) ?? Number.NaN),
  );
  const speedOf = (sink: Case['sink'], cores: string) =>
    speeds[cases.findIndex((one) => one.sink === sink && one.cores === cores)];
  return {
    id: 'databases-alone',
    title: `${rows.toLocaleString('en')} records of 1 KB into each sink alone`,
    columns: ['sink', 'cores of the process', 'rows/s', 'CPU µs per row', 'ratio to JSON Lines'],
    rows: cases.map((one, at) => [
      one.sink,
      one.cores,
      Math.round(speeds[at]!).toLocaleString('en'),
      (
        ((median(runs.get(one)?.map(({ cpuSeconds }) => cpuSeconds) ?? []) ?? Number.NaN) * 1e6) /
        rows
      ).toFixed(1),
      `${(speeds[at]! / (speedOf('JSON Lines', one.cores) ?? Number.NaN)).toFixed(2)}x`,
    ]),
    notes: [
      'The records are made beforehand; the clock ends when all is committed and closed. CPU is that of the process, without the server.',
      ...(postgres === undefined ? ['PostgreSQL was not there: not measured.'] : []),
    ],
    figures: (['SQLite', 'PostgreSQL'] as const).map((sink) =>
      figure(
        `${sink}, the sink alone`,
        '>=',
        askedRows,
        ' rows/s',
        wholeOf(speedOf(sink, all)),
        !bench.quick,
      ),
    ),
    data: Object.fromEntries(cases.map((one) => [`${one.sink}, cores ${one.cores}`, runs.get(one)])),
  };
}

async function runOnce(
  bench: Bench,
  { sink, cores }: Case,
  rows: number,
  postgres?: PostgresDatabase,
): Promise<Run> {
  const folder = path.join(bench.folder, 'alone');
  await mkdir(folder);
  try {
    await postgres?.dropTable('results');
    const file = path.join(folder, 'out');
    const spec = sink === 'JSON Lines' ? file : sink === 'SQLite' ? `sqlite:${file}` : (postgres?.url ?? '');
    const script = path.join(benchFolder, 'databases/sink-alone.ts');
    return schema.parse(await printedBy(bench, [node, '--no-warnings', script, spec, String(rows)], cores));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function wholeOf(speed: number | undefined): number | undefined {
  return speed === undefined ? undefined : Math.round(speed);
}
