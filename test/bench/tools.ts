import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { gotFolder } from './got.ts';
import { benchFolder, node } from './options.ts';
import { output } from './process.ts';
import { tallyFiles, tallyLines, type Tally } from './tally.ts';
import type { Bench } from './types.ts';

/** What a tool is asked to do. */
export interface Job {
  /** File of URLs, one a line. */
  readonly list: string;
  readonly inFlight: number;
  readonly https: boolean;
  /** Empty folder for what the tool writes. */
  readonly folder: string;
  readonly bin: string;
}

/** How a tool does it. */
export interface Command {
  readonly argv: readonly string[];
  /** File for its standard output; absent: it writes elsewhere. */
  readonly stdout?: string;
  /** Counts what it wrote. */
  readonly tally: () => Promise<Tally>;
  /** Seconds of its main loop by its own account, without start-up. */
  readonly engineSeconds?: () => Promise<number>;
}

interface Tool {
  /** One line, undefined when it is not installed. */
  readonly version: (bench: Bench) => Promise<string | undefined>;
  readonly command: (job: Job) => Promise<Command>;
}

/** All tools, in the order in which they run and are reported. */
export const toolNames = [
  'bulkfetch',
  'bulkfetch-no-body',
  'wget2',
  'curl',
  'aiohttp',
  'got',
  'aria2c',
] as const;

/** The name of a tool, as in `--tools` and in the report. */
export type ToolName = (typeof toolNames)[number];

/** From a job to a command line. */
const allTools = {
  bulkfetch: { version: bulkfetchVersion, command: (job) => bulkfetch(job, []) },
  'bulkfetch-no-body': { version: bulkfetchVersion, command: (job) => bulkfetch(job, ['--body', 'none']) },
  wget2: { version: () => nameAndVersion('wget2'), command: wget2 },
  curl: { version: () => nameAndVersion('curl'), command: curl },
  aiohttp: { version: aiohttpVersion, command: aiohttp },
  got: { version: gotVersion, command: got },
  aria2c: { version: () => nameAndVersion('aria2c'), command: aria2c },
} as const satisfies Record<ToolName, Tool>;

/** A tool that is installed. */
export interface FoundTool {
  readonly version: string;
  readonly command: Tool['command'];
}

/** The tools that are there. */
export type FoundTools = Readonly<Partial<Record<ToolName, FoundTool>>>;

/** Looks which of the wanted tools are installed and says which are not. Throws on an unknown name. */
export async function findTools(bench: Bench): Promise<FoundTools> {
  const unknown = bench.tools?.find((name) => !Object.hasOwn(allTools, name));
  if (unknown !== undefined) {
    throw new Error(`--tools: no tool ${unknown}; there are ${toolNames.join(', ')}`);
  }
  const found: Partial<Record<ToolName, FoundTool>> = {};
  for (const name of toolNames) {
    if (bench.tools?.includes(name) === false) {
      continue;
    }
    const version = await allTools[name].version(bench);
    if (version === undefined) {
      bench.say(`missing: ${name}`);
    } else {
      found[name] = { version, command: allTools[name].command };
    }
  }
  return found;
}

async function bulkfetch(job: Job, flags: readonly string[]): Promise<Command> {
  const out = path.join(job.folder, 'out.jsonl');
  const summary = path.join(job.folder, 'summary.json');
  const tls = job.https ? ['-k'] : [];
  return {
    argv: [
      node,
      job.bin,
      job.list,
      '-c',
      String(job.inFlight),
      '-o',
      out,
      '--summary',
      summary,
      ...tls,
      ...flags,
    ],
    tally: () => tallyLines(out, '"ok":true'),
    engineSeconds: () => readEngineSeconds(summary),
  };
}

async function wget2(job: Job): Promise<Command> {
  const csv = path.join(job.folder, 'stats.csv');
  const tls = job.https ? ['--no-check-certificate'] : [];
  return {
    argv: [
      'wget2',
      '-q',
      `--max-threads=${job.inFlight}`,
      `--stats-site=csv:${csv}`,
      ...tls,
      '-i',
      job.list,
      '-O',
      '/dev/null',
    ],
    tally: () => tallyLines(csv, ',200,', 1),
  };
}

async function curl(job: Job): Promise<Command> {
  const config = path.join(job.folder, 'curl.cfg');
  const out = path.join(job.folder, 'out.jsonl');
  const urls = (await readFile(job.list, 'utf8')).trimEnd().split('\n');
  await writeFile(config, urls.map((url) => `url=${url}\noutput=/dev/null\n`).join(''));
  const parallel = Math.min(job.inFlight, 300); // curl takes no more
  const tls = job.https ? ['-k'] : [];
  return {
    argv: ['curl', '-sZ', '--parallel-max', String(parallel), ...tls, '-K', config, '-w', '%{json}\\n'],
    stdout: out,
    tally: () => tallyLines(out, '"http_code":200'),
  };
}

async function aiohttp(job: Job): Promise<Command> {
  const out = path.join(job.folder, 'out.jsonl');
  const script = path.join(benchFolder, 'peers/aiohttp_fetch.py');
  return {
    argv: [python, script, job.list, String(job.inFlight)],
    stdout: out,
    tally: () => tallyLines(out, '"ok":true'),
  };
}

async function got(job: Job): Promise<Command> {
  const out = path.join(job.folder, 'out.jsonl');
  const script = path.join(gotFolder, 'got_fetch.mjs');
  return {
    argv: [node, script, job.list, String(job.inFlight)],
    stdout: out,
    tally: () => tallyLines(out, '"ok":true'),
  };
}

async function aria2c(job: Job): Promise<Command> {
  const files = path.join(job.folder, 'files');
  await mkdir(files);
  return {
    argv: ['aria2c', '-q', `-j${job.inFlight}`, '-x1', '-i', job.list, '--file-allocation=none', '-d', files],
    tally: () => tallyFiles(files),
  };
}

/** Debian's, which has Debian's aiohttp; another `python3` may come first in PATH. */
const python = '/usr/bin/python3';

const summarySchema = z.object({ elapsedMs: z.number() });

async function readEngineSeconds(summary: string): Promise<number> {
  return summarySchema.parse(JSON.parse(await readFile(summary, 'utf8'))).elapsedMs / 1000;
}

async function bulkfetchVersion(bench: Bench): Promise<string | undefined> {
  const version = await firstLine(node, [bench.bin, '--version']);
  return version === undefined ? undefined : `bulkfetch ${version} on Node ${process.versions.node}`;
}

async function aiohttpVersion(): Promise<string | undefined> {
  const print =
    'import aiohttp, platform; print("aiohttp", aiohttp.__version__, "on Python", platform.python_version())';
  return firstLine(python, ['-c', print]);
}

async function gotVersion(bench: Bench): Promise<string | undefined> {
  const file = path.join(gotFolder, 'node_modules/got/package.json');
  if (!bench.withGot || !existsSync(file)) {
    return undefined;
  }
  return `got ${z.object({ version: z.string() }).parse(JSON.parse(await readFile(file, 'utf8'))).version}`;
}

/** `GNU Wget2 1.99.1` of a first line that goes on about libraries. */
async function nameAndVersion(command: string): Promise<string | undefined> {
  return /^.*?\d+(?:\.\d+)+/.exec((await firstLine(command, ['--version'])) ?? '')?.[0];
}

async function firstLine(command: string, args: readonly string[]): Promise<string | undefined> {
  return (await output(command, args))?.split('\n')[0];
}
