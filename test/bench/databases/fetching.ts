import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { figure } from '../figures.ts';
import { pathList } from '../lists.ts';
import { measure, type Run } from '../measure.ts';
import { median } from '../statistics.ts';
import type { FoundTool } from '../tools.ts';
import type { Bench, Section } from '../types.ts';
import type { OutputName } from './outputs.ts';

const inFlight = 50;

/** Beside each other, in this order: the first is what the others are compared with. */
export type Outputs = Readonly<Partial<Record<OutputName, FoundTool>>>;

/** What is measured of it. */
export interface Fetching {
  readonly id: string;
  readonly title: string;
  readonly urls: number;
  readonly outputs: Outputs;
  /** What is asked of the requests a second of each output, as a share of those of another one. */
  readonly asked: readonly { readonly output: OutputName; readonly of: OutputName; readonly share: number }[];
}

/** Fetches S1's URLs into each output in turn, round after round. */
export async function measureFetching(bench: Bench, fetching: Fetching): Promise<Section> {
  const { id, title, urls, outputs, asked } = fetching;
  const list = path.join(bench.folder, `${id}.txt`);
  await writeFile(list, `${pathList(`${bench.server.http}/users/`, urls).join('\n')}\n`);
  const job = { list, inFlight, https: false, bin: bench.bin };
  const named = Object.entries(outputs) as [OutputName, FoundTool][];
  const runs = new Map<OutputName, Run[]>(named.map(([name]) => [name, []]));
  for (let round = 1; round <= bench.runs; round += 1) {
    for (const [name, tool] of named) {
      const run = await measure(bench, tool, job, urls);
      runs.get(name)?.push(run);
      bench.say(`${id} ${round}/${bench.runs} ${name}: ${run.problem ?? `${run.seconds} s`}`);
    }
  }
  const secondsOf = (name: OutputName | undefined) => goodMedian(runs.get(name!), ({ seconds }) => seconds);
  const [base] = named[0] ?? [];
  return {
    id,
    title,
    columns: ['output', 'median s', 'requests/s', 'CPU µs per request', 'peak MB', `ratio to ${base}`],
    rows: named.map(([name]) => {
      const seconds = secondsOf(name);
      if (seconds === undefined) {
        return [name, 'failed', '', '', '', ''];
      }
      return [
        name,
        seconds.toFixed(2),
        Math.round(urls / seconds).toLocaleString('en'),
        ((goodMedian(runs.get(name), ({ cpuSeconds }) => cpuSeconds)! * 1e6) / urls).toFixed(1),
        Math.max(...(runs.get(name) ?? []).map(({ peakMegabytes }) => peakMegabytes)).toFixed(0),
        `${((secondsOf(base) ?? Number.NaN) / seconds).toFixed(2)}x`,
      ];
    }),
    notes: [
      ...named.flatMap(([name]) =>
        (runs.get(name) ?? []).flatMap(({ problem }) =>
          problem === undefined ? [] : [`${name}: ${problem}`],
        ),
      ),
      'CPU is that of the process, without the server of the database, which has no core of its own.',
    ],
    figures: asked.map(({ output, of, share }) => {
      const [own, other] = [secondsOf(output), secondsOf(of)];
      const ratio = own === undefined || other === undefined ? undefined : other / own;
      return figure(`${output} : ${of}, requests/s`, '>=', share, 'x', ratio, !bench.quick);
    }),
    data: Object.fromEntries(runs),
  };
}

/** Undefined when a run failed. */
function goodMedian(runs: readonly Run[] | undefined, read: (run: Run) => number): number | undefined {
  return runs?.every(({ problem }) => problem === undefined) === true ? median(runs.map(read)) : undefined;
}
