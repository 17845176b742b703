import { safeMethods } from '../../model/methods.ts';
import { UsageError } from '../../model/errors.ts';
import { resolveOptions } from '../../model/options.ts';
import { buildRequest } from '../../model/request.ts';
import { measure, readAll, sample } from '../../measure.ts';
import { compareRuns, measuredRun } from '../../report/comparison.ts';
import { toDocument, type SummaryReport } from '../../report/report.ts';
import { renderComparison } from '../../report/render-comparison.ts';
import { plural } from '../../report/format.ts';
import { openSources } from '../../sources/index.ts';
import { exitStatus, type ExitStatus } from '../exit.ts';
import { fetchOptions, type FlagValues } from '../options.ts';
import { parseWhole } from '../values.ts';
import { print } from '../print.ts';

/** The flags of `compare` beside those of every fetch. */
export type CompareFlags = FlagValues & {
  readonly ids?: string;
  readonly globoff?: boolean;
  readonly levels: string;
  readonly sample: string;
  readonly format: string;
  readonly unsafe?: boolean;
};

/** `bulkfetch compare SOURCE…`: the same tasks one after the other and at several concurrencies, measured. */
export async function compareCommand(args: readonly string[], flags: CompareFlags): Promise<ExitStatus> {
  const options = resolveOptions(fetchOptions(flags));
  const request = buildRequest(options);
  if (!safeMethods.has(request.method) && flags.unsafe !== true) {
    throw new UsageError(
      `compare sends each request several times, and ${request.method} may change something: give --unsafe if that is meant`,
    );
  }
  const levels = flags.levels.split(',').map((level) => parseWhole('--levels', level));
  const sampleSize = parseWhole('--sample', flags.sample);
  const source = await openSources(args, {
    ids: flags.ids,
    globoff: flags.globoff === true,
    request,
    onInvalid: (message) => process.stderr.write(`bulkfetch: ${message}\n`),
    stdin: process.stdin,
  });
  const tasks = await readAll(source);
  if (tasks.length === 0) {
    throw new UsageError(`no task: there is no URL in ${args.join(', ')}`);
  }

  const first = sample(tasks, sampleSize);
  say(`${plural(first.length, 'task')} one after the other …`);
  const sequential = await measure(first, options, 1);
  const runs: SummaryReport[] = [];
  for (const level of levels.filter((level) => level > 1)) {
    say(`${plural(tasks.length, 'task')}, ${level} at once …`);
    runs.push(await measure(tasks, options, level));
  }
  const comparison = compareRuns(
    { ...measuredRun(sequential), of: tasks.length, longestMs: sequential.latencyMs?.max ?? 0 },
    runs.map(measuredRun),
  );
  await print(flags.format === 'json' ? toDocument(comparison) : renderComparison(comparison));
  const failed = [sequential, ...runs].some((run) => run.tasks.failed > 0);
  return failed ? exitStatus.someFailed : exitStatus.ok;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
