import fs from 'node:fs';
import { messageOf, SinkError, UsageError } from '../../model/errors.ts';
import { resolveRunOptions, type ResolvedRunOptions } from '../../model/options/run-options.ts';
import { renderReport } from '../../report/render.ts';
import { plural } from '../../report/format.ts';
import { toDocument } from '../../report/report.ts';
import { BulkFetch } from '../../run.ts';
import { expandArguments, type CountableSource, type LeftOut } from '../../sources/index.ts';
import { refuseClashes } from '../clashes.ts';
import { exitStatus, type ExitStatus } from '../exit.ts';
import { openInput } from '../input.ts';
import { runOptions, type FlagValues } from '../options.ts';
import { openOutputs } from '../outputs.ts';
import { startProgress, type Progress } from '../progress.ts';
import { message } from '../message.ts';
import type { RunJournal } from '../resume/run-journal.ts';
import { screenOf } from '../screen.ts';
import { drainOnSignal } from '../signals.ts';

/** `bulkfetch SOURCE…`: fetches, writes records, shows progress and a summary. */
export async function fetchCommand(patterns: readonly string[], flags: FlagValues): Promise<ExitStatus> {
  if (patterns.length === 0) {
    throw new UsageError('nothing to fetch: give URLs, a file of URLs, or - for standard input (see --help)');
  }
  const options = resolveRunOptions(runOptions(flags));
  let progress: Progress | undefined;
  const say = (text: string) => {
    const line = message(text);
    return progress === undefined ? process.stderr.write(`${line}\n`) : progress.log(line);
  };
  const args = await expandArguments(patterns);
  const warn = (text: string) => say(`bulkfetch: ${text}`);
  const input = await openInput(args, options, warn);
  const { cookieJar, output, summary } = options;
  refuseClashes({ '--cookie-jar': cookieJar, '--output': output, '--summary': summary }, args);
  const journal = await openJournal(args, options, warn);
  const source = journal?.over(input.source) ?? input.source;
  const run = new BulkFetch(source, options, {
    savesBodies: options.saveDir !== undefined,
    env: process.env,
    onWarning: warn,
  });
  await run.open();
  if (options.summary !== undefined) {
    writeSummary(options.summary, ''); // one that cannot be written is told now, not after an hour
  }
  const sink = await openOutputs(
    options,
    [cookieJar, summary, ...args].filter((file) => file !== undefined),
    journal,
  );
  progress = await showProgress(run, source, options);
  const interrupt = drainOnSignal(run, say);
  try {
    await run.into(sink, journal?.marks);
  } finally {
    interrupt.release();
    progress?.stop();
    progress = undefined;
    await sink.close();
    await journal?.marks.close();
  }
  return conclude(run, { source, options, args, resumed: journal?.resumed }, interrupt.status());
}

/** What was run. */
interface Ran {
  readonly source: CountableSource;
  readonly options: ResolvedRunOptions;
  readonly args: readonly string[];
  readonly resumed: RunJournal['resumed'];
}

/** Loaded only when there is an output that can be one. */
async function openJournal(
  args: readonly string[],
  options: ResolvedRunOptions,
  say: (text: string) => void,
): Promise<RunJournal | undefined> {
  const { output, resume, retryFailed, resendUnknown } = options;
  const isNeeded = output.some((one) => one !== '-') || resume || retryFailed !== undefined || resendUnknown;
  return isNeeded ? (await import('../resume/open.ts')).openRunJournal(args, options, say) : undefined;
}

/** Writes the summary and finds the exit status: that of the whole, where the run went on with another. */
function conclude(
  run: BulkFetch,
  { source, options, args, resumed }: Ran,
  interrupted: ExitStatus | undefined,
): ExitStatus {
  const leftOut = source.leftOut?.();
  const summary = {
    ...run.summary(),
    ...(options.dedupe && { duplicates: leftOut?.duplicates }),
    ...(resumed !== undefined && { resumed }),
  };
  const isEmpty = interrupted === undefined && summary.tasks.total === 0;
  if (!options.quiet && !isEmpty) {
    process.stderr.write(`\n${renderReport(summary, screenOf(process.stderr))}`);
  }
  if (options.summary !== undefined) {
    writeSummary(options.summary, toDocument(summary));
  }
  if (!options.quiet && leftOut !== undefined) {
    tellLeftOut(leftOut, isEmpty);
  }
  if (isEmpty && resumed !== undefined) {
    if (!options.quiet) {
      process.stderr.write('bulkfetch: nothing was left to fetch\n');
    }
    return resumed.failed > 0 ? exitStatus.someFailed : exitStatus.ok;
  }
  if (isEmpty && (leftOut?.tasks ?? 0) === 0) {
    throw new UsageError(`no task: there is no URL in ${args.join(', ')}`);
  }
  const failed = summary.tasks.failed + (resumed?.failed ?? 0);
  return interrupted ?? (failed > 0 ? exitStatus.someFailed : exitStatus.ok);
}

/** An empty shard is no mistake, and nothing is told that the user has not asked for. */
function tellLeftOut({ tasks, duplicates }: LeftOut, isEmpty: boolean): void {
  if (duplicates > 0) {
    process.stderr.write(`bulkfetch: --dedupe left out ${plural(duplicates, 'task')}\n`);
  }
  if (isEmpty && tasks > 0) {
    process.stderr.write(`bulkfetch: nothing to fetch: ${plural(tasks, 'task')} left out\n`);
  }
}

async function showProgress(
  run: BulkFetch,
  source: CountableSource,
  options: ResolvedRunOptions,
): Promise<Progress | undefined> {
  // Records on the same terminal would tear the bar.
  const isWanted =
    options.progress ?? (process.stderr.isTTY && !(process.stdout.isTTY && options.output.includes('-')));
  if (!isWanted || options.quiet) {
    return undefined;
  }
  let total = source.size;
  if (total === undefined && source.count !== undefined) {
    // Counting goes on beside the fetching; until it ends there is no bar.
    void source.count().then(
      (count) => (total = count),
      () => undefined, // the run itself reports a source that cannot be read
    );
  }
  return startProgress({
    stream: process.stderr,
    stats: () => run.stats(),
    failed: () => run.failed,
    total: () => total ?? (run.stats().sourceEnded ? run.stats().read : undefined),
  });
}

function writeSummary(path: string, text: string): void {
  try {
    fs.writeFileSync(path, text);
  } catch (error) {
    throw new SinkError(`--summary: cannot write ${path}: ${messageOf(error)}`, { cause: error });
  }
}
