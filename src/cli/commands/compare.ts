import { safeMethods } from '../../model/methods.ts';
import { UsageError } from '../../model/errors.ts';
import { resolveRunOptions, type ResolvedRunOptions } from '../../model/options/run-options.ts';
import type { Task } from '../../model/task.ts';
import { measure, readAll, sample } from '../../measure.ts';
import { compareRuns, measuredRun } from '../../report/comparison.ts';
import { toDocument, type SummaryReport } from '../../report/report.ts';
import { renderComparison } from '../../report/render-comparison.ts';
import { plural } from '../../report/format.ts';
import { closeDatabases, openDatabases } from '../databases.ts';
import { exitStatus, type ExitStatus } from '../exit.ts';
import { noTask, openInput, refuseNothing } from '../input.ts';
import { message } from '../message.ts';
import { runOptions, type FlagValues } from '../options.ts';
import { parseWhole } from '../values.ts';
import { print } from '../print.ts';

/** The flags of `compare` beside those of every fetch and of what it reads. */
export type CompareFlags = FlagValues & {
  readonly levels: string;
  readonly sample: string;
  readonly format: string;
  readonly unsafe?: boolean;
};

/** `bulkfetch compare SOURCE…`: the same tasks one after the other and at several concurrencies, measured. */
export async function compareCommand(args: readonly string[], flags: CompareFlags): Promise<ExitStatus> {
  refuseNothing(args, flags);
  const options = resolveRunOptions(runOptions(flags));
  const levels = flags.levels.split(',').map((level) => parseWhole('--levels', level));
  const sampleSize = parseWhole('--sample', flags.sample);
  const tasks = await readTasks(args, options, flags.unsafe === true);

  const first = sample(tasks, sampleSize);
  say(`${plural(first.length, 'task')} one after the other …`);
  const sequential = await measure(first, options, 1, { env: process.env });
  const runs: SummaryReport[] = [];
  for (const level of levels.filter((level) => level > 1)) {
    say(`${plural(tasks.length, 'task')}, ${level} at once …`);
    runs.push(await measure(tasks, options, level, { env: process.env }));
  }
  const comparison = compareRuns(
    { ...measuredRun(sequential), of: tasks.length, longestMs: sequential.latencyMs?.max ?? 0 },
    runs.map(measuredRun),
  );
  await print(flags.format === 'json' ? toDocument(comparison) : renderComparison(comparison));
  const failed = [sequential, ...runs].some((run) => run.tasks.failed > 0);
  return failed ? exitStatus.someFailed : exitStatus.ok;
}

async function readTasks(
  args: readonly string[],
  options: ResolvedRunOptions,
  isUnsafe: boolean,
): Promise<readonly Task[]> {
  const warn = (text: string) => say(`bulkfetch: ${text}`);
  const databases = await openDatabases(options, warn);
  try {
    const { source, request } = await openInput(args, options, { onInvalid: warn, databases });
    if (!isUnsafe) {
      refuseUnsafe(request.method);
    }
    const tasks = await readAll(source);
    if (tasks.length === 0) {
      throw new UsageError(noTask(args, options));
    }
    if (!isUnsafe) {
      tasks.forEach((task) => refuseUnsafe(task.request.method));
    }
    return tasks;
  } finally {
    await closeDatabases(databases);
  }
}

function refuseUnsafe(method: string): void {
  if (!safeMethods.has(method)) {
    throw new UsageError(
      `compare sends each request several times, and ${method} may change something: give --unsafe if that is meant`,
    );
  }
}

function say(text: string): void {
  process.stderr.write(`${message(text)}\n`);
}
