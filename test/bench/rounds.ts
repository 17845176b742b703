import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { measure, type Run } from './measure.ts';
import { start } from './process.ts';
import { countSockets } from './sockets.ts';
import { median } from './statistics.ts';
import { toolNames, type FoundTool, type FoundTools, type Job, type ToolName } from './tools.ts';
import type { Scenario } from './scenarios.ts';
import type { Bench, Section } from './types.ts';

/** The median run of a tool, column by column; the memory is the highest of all runs. */
export interface Medians {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
  readonly engineSeconds: number | undefined;
}

/** How a scenario came out. A tool that is missing or failed in a run has no medians. */
export interface ScenarioResult {
  readonly urls: number;
  readonly medians: Readonly<Partial<Record<ToolName, Medians>>>;
  /** Records that are ok, in percent of the URLs of all runs. */
  readonly okShare: Readonly<Partial<Record<ToolName, number>>>;
  readonly peakSockets: number | undefined;
}

type Runs = Map<ToolName, Run[]>;

/** Runs a scenario's tools in turn, round after round, so that drift of the machine hits all alike. */
export async function runRounds(bench: Bench, scenario: Scenario, tools: FoundTools): Promise<Section> {
  const urls = bench.quick && scenario.urls > 1_000 ? scenario.urls / 10 : scenario.urls;
  const urlList = scenario.list(bench.server, urls);
  const list = path.join(bench.folder, `${scenario.id}.txt`);
  await writeFile(list, `${urlList.join('\n')}\n`);
  const https = urlList[0]?.startsWith('https:') === true;
  const job = { list, inFlight: scenario.inFlight, https, bin: bench.bin };

  const runs: Runs = new Map();
  for (let round = 1; round <= bench.runs; round += 1) {
    for (const name of toolNames) {
      const tool = tools[name];
      if (tool === undefined || !scenario.tools.includes(name)) {
        continue;
      }
      const run = await measure(bench, tool, job, urls);
      runs.set(name, [...(runs.get(name) ?? []), run]);
      bench.say(`${scenario.id} ${round}/${bench.runs} ${name}: ${run.problem ?? `${run.seconds} s`}`);
    }
  }
  const watched = scenario.countSockets === true ? tools.bulkfetch : undefined;
  const peakSockets = watched === undefined ? undefined : await peakOf(bench, watched, job);
  return toSection(bench, scenario, runs, { urls, ...summarize(runs, urls), peakSockets });
}

/** One more run, outside the rounds because looking costs time. */
async function peakOf(bench: Bench, tool: FoundTool, job: Omit<Job, 'folder'>): Promise<number> {
  const folder = path.join(bench.folder, 'sockets');
  await mkdir(folder);
  try {
    const { argv } = await tool.command({ ...job, folder });
    return await countSockets(start(argv, {}, bench.signal));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function summarize(runs: Runs, urls: number): Pick<ScenarioResult, 'medians' | 'okShare'> {
  const medians: Partial<Record<ToolName, Medians>> = {};
  const okShare: Partial<Record<ToolName, number>> = {};
  for (const [name, all] of runs) {
    okShare[name] = (100 * all.reduce((sum, run) => sum + run.ok, 0)) / (urls * all.length);
    if (all.every((run) => run.problem === undefined)) {
      medians[name] = {
        seconds: median(all.map((run) => run.seconds))!,
        cpuSeconds: median(all.map((run) => run.cpuSeconds))!,
        peakMegabytes: Math.max(...all.map((run) => run.peakMegabytes)),
        engineSeconds: median(all.flatMap((run) => run.engineSeconds ?? [])),
      };
    }
  }
  return { medians, okShare };
}

function toSection(bench: Bench, scenario: Scenario, runs: Runs, result: ScenarioResult): Section {
  const { urls, medians } = result;
  const rows = [...runs.keys()].map((name) => {
    const own = medians[name];
    if (own === undefined) {
      return [name, 'failed', '', '', '', ''];
    }
    const ratio = medians.wget2 === undefined ? '' : `${(medians.wget2.seconds / own.seconds).toFixed(2)}x`;
    return [
      name,
      own.seconds.toFixed(2),
      Math.round(urls / own.seconds).toLocaleString('en'),
      ((own.cpuSeconds * 1e6) / urls).toFixed(1),
      own.peakMegabytes.toFixed(0),
      ratio,
    ];
  });
  const notes = [...runs].flatMap(([name, all]) =>
    all.flatMap(({ problem }) => (problem === undefined ? [] : [`${name}: ${problem}`])),
  );
  return {
    id: scenario.id,
    title: scenario.title,
    columns: ['tool', 'median s', 'requests/s', 'CPU µs per request', 'peak MB', 'ratio to wget2'],
    rows,
    notes,
    figures: scenario.figures.map((rule) => rule(result, !bench.quick)),
    data: { ...result, runs: Object.fromEntries(runs) },
  };
}
