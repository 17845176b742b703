import fs from 'node:fs';
import path from 'node:path';
import { UsageError, writeError } from '../../model/errors.ts';
import type { ResolvedRunOptions } from '../../model/options/run-options.ts';
import { lockOutput } from '../../sinks/journal/lock.ts';
import { sidecarOf } from '../../sinks/journal/sidecar.ts';
import { fingerprint } from './fingerprint.ts';
import { newJournal, type RunJournal, type Say } from './run-journal.ts';

/**
 * Undefined: no output is a file. Throws a `UsageError` when the run cannot go on from what is there, or
 * another process is at it.
 */
export async function openRunJournal(
  args: readonly string[],
  options: ResolvedRunOptions,
  say: Say,
): Promise<RunJournal | undefined> {
  checkOptions(options);
  const outputs = options.output.filter((output) => isFile(output) && hasRoomBeside(output, options, say));
  if (options.resume && !options.output.some(isFile)) {
    throw new UsageError('--resume needs an output that is a file, as in -o out.jsonl');
  }
  if (outputs.length === 0) {
    return undefined;
  }
  for (const output of outputs) {
    await lockOutput(output);
  }
  const header = await fingerprint(args, options);
  const resumed = options.resume
    ? await (await import('./resumed-journal.ts')).openResumed(outputs, header, options, say)
    : undefined;
  return resumed ?? newJournal(outputs, header, options.fsync);
}

function checkOptions({ resume, retryFailed, resendUnknown, fields, next }: ResolvedRunOptions): void {
  const needing =
    retryFailed === undefined ? (resendUnknown ? '--resend-unknown' : undefined) : '--retry-failed';
  if (!resume && needing !== undefined) {
    throw new UsageError(`${needing} is for going on with a run: give --resume too`);
  }
  const needed = [
    'index',
    ...(next === undefined ? [] : ['page', 'next', 'ok']),
    ...(retryFailed === undefined ? [] : ['ok', 'status', 'error']),
  ];
  const keys = fields?.map(({ key }) => key);
  const missing = keys === undefined ? [] : needed.filter((field) => !keys.includes(field));
  if (resume && missing.length > 0) {
    throw new UsageError(`--fields: --resume needs ${missing.join(', ')} among them`);
  }
}

/** It is a file, or will be one. */
function isFile(output: string): boolean {
  return output !== '-' && fs.statSync(output, { throwIfNoEntry: false })?.isFile() !== false;
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
