import fs from 'node:fs';
import { messageOf, SinkError, UsageError } from '../../model/errors.ts';
import { buildRequest } from '../../model/request.ts';
import { resolveRunOptions, type ResolvedRunOptions } from '../../model/run-options.ts';
import { renderReport } from '../../report/render.ts';
import { toDocument } from '../../report/report.ts';
import { BulkFetch } from '../../run.ts';
import { jsonlStdout, openJsonlFile } from '../../sinks/jsonl.ts';
import { openSources, type CountableSource } from '../../sources/index.ts';
import { exitStatus, type ExitStatus } from '../exit.ts';
import { runOptions, type FlagValues } from '../options.ts';
import { startProgress, type Progress } from '../progress.ts';
import { screenOf } from '../screen.ts';
import { drainOnSignal } from '../signals.ts';

/** `bulkfetch SOURCE…`: fetches, writes records, shows progress and a summary. */
export async function fetchCommand(args: readonly string[], flags: FlagValues): Promise<ExitStatus> {
  if (args.length === 0) {
    throw new UsageError('nothing to fetch: give URLs, a file of URLs, or - for standard input (see --help)');
  }
  const options = resolveRunOptions(runOptions(flags));
  let progress: Progress | undefined;
  const say = (line: string) =>
    progress === undefined ? process.stderr.write(`${line}\n`) : progress.log(line);
  const source = await openSources(args, {
    ids: options.ids,
    globoff: options.globoff,
    request: buildRequest(options),
    onInvalid: (message) => say(`bulkfetch: ${message}`),
    stdin: process.stdin,
  });
  const run = new BulkFetch(source, options);
  refuseInput('--output', options.output, args);
  refuseInput('--summary', options.summary, args);
  if (options.summary !== undefined) {
    writeSummary(options.summary, ''); // one that cannot be written is told now, not after an hour
  }
  const sink = isStdout(options.output) ? jsonlStdout() : openJsonlFile(options.output);
  progress = await showProgress(run, source, options);
  const interrupt = drainOnSignal(run, say);
  try {
    await run.into(sink);
  } finally {
    interrupt.release();
    progress?.stop();
    progress = undefined;
    await sink.close();
  }
  return conclude(run, options, args, interrupt.status());
}

/** Writes the summary and finds the exit status. */
function conclude(
  run: BulkFetch,
  options: ResolvedRunOptions,
  args: readonly string[],
  interrupted: ExitStatus | undefined,
): ExitStatus {
  const summary = run.summary();
  const isEmpty = interrupted === undefined && summary.tasks.total === 0;
  if (!options.quiet && !isEmpty) {
    process.stderr.write(`\n${renderReport(summary, screenOf(process.stderr))}`);
  }
  if (options.summary !== undefined) {
    writeSummary(options.summary, toDocument(summary));
  }
  if (isEmpty) {
    throw new UsageError(`no task: there is no URL in ${args.join(', ')}`);
  }
  return interrupted ?? (summary.tasks.failed > 0 ? exitStatus.someFailed : exitStatus.ok);
}

function isStdout(output: string): boolean {
  return output === '-';
}

/** Throws when a file to be written is one that is to be read, under whatever name. */
function refuseInput(flag: string, output: string | undefined, args: readonly string[]): void {
  const written = output === undefined ? undefined : statsOf(output);
  const isInput = args
    .map((arg) => (arg === '-' ? fs.fstatSync(0) : statsOf(arg)))
    .some((read) => read?.isFile() && read.dev === written?.dev && read.ino === written.ino);
  if (isInput) {
    throw new UsageError(`${flag}: ${output} is also an input; writing would destroy it`);
  }
}

/** Undefined for what is no file, such as a URL. */
function statsOf(path: string): fs.Stats | undefined {
  return fs.existsSync(path) ? fs.statSync(path) : undefined;
}

async function showProgress(
  run: BulkFetch,
  source: CountableSource,
  options: ResolvedRunOptions,
): Promise<Progress | undefined> {
  // Records on the same terminal would tear the bar.
  const isWanted =
    options.progress ?? (process.stderr.isTTY && !(process.stdout.isTTY && isStdout(options.output)));
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
