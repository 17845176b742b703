import fs from 'node:fs';
import type { Databases } from '../../databases/index.ts';
import { filesOfSpecs } from '../../databases/spec.ts';
import { messageOf, SinkError, UsageError } from '../../model/errors.ts';
import { resolveRunOptions, type ResolvedRunOptions } from '../../model/options/run-options.ts';
import { renderReport } from '../../report/render.ts';
import { plural } from '../../report/format.ts';
import { toDocument } from '../../report/report.ts';
import { BulkFetch } from '../../run.ts';
import { expandArguments, type CountableSource, type LeftOut } from '../../sources/index.ts';
import { through } from '../../sources/passage.ts';
import { refuseClashes } from '../clashes.ts';
import { closeDatabases, openDatabases } from '../databases.ts';
import type { Debugging } from '../debug/debugging.ts';
import { needsDebugging } from '../debug/needs-debugging.ts';
import { showStateOnSignal } from '../debug/state-signal.ts';
import { ending } from '../ending.ts';
import { exitStatus, type ExitStatus } from '../exit.ts';
import { noTask, openInput, refuseNothing } from '../input.ts';
import { runOptions, type FlagValues } from '../options.ts';
import { openOutputs } from '../outputs.ts';
import { startProgress, type Progress } from '../progress.ts';
import { message } from '../message.ts';
import type { RunJournal } from '../resume/run-journal.ts';
import { screenOf } from '../screen.ts';
import { drainOnSignal } from '../signals.ts';
import { tellShortfalls, toDatabases, type ToDatabases } from '../to-databases.ts';

/** `bulkfetch SOURCE…`: fetches, writes records, shows progress and a summary. */
export async function fetchCommand(patterns: readonly string[], flags: FlagValues): Promise<ExitStatus> {
  refuseNothing(patterns, flags);
  const options = resolveRunOptions(runOptions(flags));
  let progress: Progress | undefined;
  let debugging: Debugging | undefined;
  const put = (line: string) => {
    if (progress === undefined) {
      process.stderr.write(`${line}\n`);
    } else {
      progress.log(line);
    }
  };
  const say = (text: string) => (debugging?.log === undefined ? put(message(text)) : debugging.log.say(text));
  const warn = (text: string) => say(`bulkfetch: ${text}`);
  const databases = await openDatabases(options, warn);
  try {
    const to = toDatabases(options, databases, warn);
    const args = await expandArguments(patterns);
    const input = await openInput(args, options, { onInvalid: warn, databases });
    const { cookieJar, output, summary, trace } = options;
    const inputs = [...args, ...filesOfSpecs([options.from])];
    const written = { '--cookie-jar': cookieJar, '--output': output, '--summary': summary, '--trace': trace };
    refuseClashes(written, inputs);
    refuseClashes({ ...written, '--to': to?.files }, args); // a database may be read and written
    const journal = await openJournal(args, options, warn);
    const source =
      journal === undefined ? input.source : through(input.source, journal.passage(input.source));
    debugging = await openDebugging(options, put);
    const run = new BulkFetch(source, options, {
      savesBodies: options.saveDir !== undefined,
      env: process.env,
      onWarning: warn,
      observer: debugging?.observer,
      slowMs: options.slowCallback,
    });
    await run.open();
    if (options.summary !== undefined) {
      writeSummary(options.summary, ''); // one that cannot be written is told now, not after an hour
    }
    const sink = await openOutputs(
      options,
      [cookieJar, summary, trace, ...inputs].filter((file) => file !== undefined),
      journal,
      to,
    );
    progress = await showProgress(run, source, options);
    const interrupt = drainOnSignal(run, say, databases && ((status) => ending.now(status)));
    const releaseState = showStateOnSignal(run, say, debugging?.log);
    try {
      await run.into(debugging?.over(sink) ?? sink, journal?.marks);
    } finally {
      interrupt.release();
      releaseState();
      progress?.stop();
      progress = undefined;
      await sink.close();
      await journal?.marks.close();
      await debugging?.close();
    }
    const ran = { source, options, args, resumed: journal?.resumed, databases, to };
    return conclude(run, ran, interrupt.status());
  } finally {
    await closeDatabases(databases);
  }
}

/** What was run. */
interface Ran {
  readonly source: CountableSource;
  readonly options: ResolvedRunOptions;
  readonly args: readonly string[];
  readonly resumed: RunJournal['resumed'];
  readonly databases: Databases | undefined;
  readonly to: ToDatabases | undefined;
}

/** Loaded only when a run is to tell of itself: in most it is not. */
async function openDebugging(
  options: ResolvedRunOptions,
  put: (line: string) => void,
): Promise<Debugging | undefined> {
  return needsDebugging(options)
    ? (await import('../debug/debugging.ts')).openDebugging(options, put)
    : undefined;
}

/** Loaded only when there is an output that can be one. */
async function openJournal(
  args: readonly string[],
  options: ResolvedRunOptions,
  say: (text: string) => void,
): Promise<RunJournal | undefined> {
  const { output, to, resume, retryFailed, resendUnknown, refetch } = options;
  const isNeeded =
    output.some((one) => one !== '-') ||
    to.length > 0 ||
    resume ||
    resendUnknown ||
    retryFailed !== undefined ||
    refetch !== undefined;
  return isNeeded ? (await import('../resume/open.ts')).openRunJournal(args, options, say) : undefined;
}

/** Writes the summary and finds the exit status: that of the whole, where the run went on with another. */
function conclude(
  run: BulkFetch,
  { source, options, args, resumed, databases, to }: Ran,
  interrupted: ExitStatus | undefined,
): ExitStatus {
  const leftOut = source.leftOut?.();
  const summary = {
    ...run.summary(),
    ...(options.dedupe && { duplicates: leftOut?.duplicates }),
    ...(resumed !== undefined && { resumed }),
    ...(databases !== undefined && { databases: databases.figures() }),
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
    throw new UsageError(noTask(args, options));
  }
  tellShortfalls(to?.shortfalls ?? [], options.quiet, (text) =>
    process.stderr.write(`${message(`bulkfetch: ${text}`)}\n`),
  );
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
    total: () => {
      const { sourceEnded, read } = run.stats();
      const left = total === undefined ? undefined : total - (source.passedOver?.() ?? 0);
      return left ?? (sourceEnded ? read : undefined);
    },
  });
}

function writeSummary(path: string, text: string): void {
  try {
    fs.writeFileSync(path, text);
  } catch (error) {
    throw new SinkError(`--summary: cannot write ${path}: ${messageOf(error)}`, { cause: error });
  }
}
