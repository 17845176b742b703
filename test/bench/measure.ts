import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { start } from './process.ts';
import type { Command, FoundTool, Job } from './tools.ts';
import type { Bench } from './types.ts';

/** One run of one tool. Seconds to a hundredth, as `time` gives them. */
export interface Run {
  /** Wall clock of the whole process. */
  readonly seconds: number;
  /** User and system time together. */
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
  readonly engineSeconds: number | undefined;
  readonly ok: number;
  /** Why the run does not count. */
  readonly problem: string | undefined;
}

/** Runs a tool once on the client core and checks that every URL has its record, all of them ok. */
export async function measure(
  bench: Bench,
  tool: FoundTool,
  job: Omit<Job, 'folder'>,
  urls: number,
): Promise<Run> {
  const folder = path.join(bench.folder, 'run');
  await mkdir(folder);
  try {
    const command = await tool.command({ ...job, folder });
    const times = path.join(folder, 'times');
    const timed = ['/usr/bin/time', '-f', '%e %U %S %M', '-o', times, ...command.argv];
    const errors = path.join(folder, 'stderr');
    const status = await start(timed, { stdout: command.stdout, stderr: errors }, bench.signal).exit;
    const usage = parseTimes(await readFile(times, 'utf8'));
    const checked = await check(command, status, urls);
    return { ...usage, ...checked };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function check(
  command: Command,
  status: number,
  urls: number,
): Promise<Pick<Run, 'engineSeconds' | 'ok' | 'problem'>> {
  try {
    const { records, ok } = await command.tally();
    const right = status === 0 && records === urls && ok === urls;
    const problem = right
      ? undefined
      : `exit status ${status}, ${records} records for ${urls} URLs, ${ok} ok`;
    return { engineSeconds: await command.engineSeconds?.(), ok, problem };
  } catch (error) {
    return { engineSeconds: undefined, ok: 0, problem: `exit status ${status}, ${String(error)}` };
  }
}

/** The last line is ours; one about a failed command may stand before it. */
function parseTimes(text: string): Pick<Run, 'seconds' | 'cpuSeconds' | 'peakMegabytes'> {
  const numbers = text.trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
  const [wall, user, system, kilobytes] = numbers;
  if (wall === undefined || user === undefined || system === undefined || kilobytes === undefined) {
    throw new Error(`time wrote ${JSON.stringify(text)}`);
  }
  return { seconds: wall, cpuSeconds: user + system, peakMegabytes: kilobytes / 1024 };
}
