import fs from 'node:fs';
import path from 'node:path';
import { writeError } from '../../model/errors.ts';
import type { ResolvedRunOptions } from '../../model/options/run-options.ts';
import { lockOutput } from '../../sinks/journal/lock.ts';
import { sidecarOf } from '../../sinks/journal/sidecar.ts';
import { checkOptions, isFile } from './check.ts';
import { fingerprint } from './fingerprint.ts';
import { newJournal, noJournal, type RunJournal, type Say } from './run-journal.ts';

/**
 * Undefined: no output is a file or a table. Throws a `UsageError` when the run cannot go on from what is
 * there, or another process is at it.
 */
export async function openRunJournal(
  args: readonly string[],
  options: ResolvedRunOptions,
  say: Say,
): Promise<RunJournal | undefined> {
  checkOptions(options);
  const files = await openFiles(args, options, say);
  return options.to.length === 0
    ? files
    : (await import('./table-journal.ts')).withTables(files, options, say);
}

async function openFiles(
  args: readonly string[],
  options: ResolvedRunOptions,
  say: Say,
): Promise<RunJournal | undefined> {
  const outputs = options.output.filter((output) => isFile(output) && hasRoomBeside(output, options, say));
  if (outputs.length === 0) {
    return undefined;
  }
  for (const output of outputs) {
    await lockOutput(output);
  }
  if (options.omitDropped) {
    say(
      'with --omit-dropped this run cannot be resumed: nothing tells what was dropped from what was not fetched',
    );
    return noJournal(outputs, options.fsync);
  }
  const header = await fingerprint(args, options);
  const resumed = options.resume
    ? await (await import('./resumed-journal.ts')).openResumed(outputs, header, options, say)
    : undefined;
  return resumed ?? newJournal(outputs, header, options.fsync);
}

/** A run that is not to go on does not fail for want of a sidecar. */
function hasRoomBeside(output: string, { resume }: ResolvedRunOptions, say: Say): boolean {
  const folder = path.dirname(sidecarOf(output));
  try {
    fs.accessSync(folder, fs.constants.W_OK);
  } catch (error) {
    if (resume) {
      throw writeError(sidecarOf(output), error);
    }
    if (fs.existsSync(folder)) {
      say(`cannot write ${sidecarOf(output)}: this run cannot be resumed`);
    }
    return false;
  }
  return true;
}
