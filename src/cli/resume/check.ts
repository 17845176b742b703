import fs from 'node:fs';
import { UsageError } from '../../model/errors.ts';
import type { ResolvedRunOptions } from '../../model/options/run-options.ts';

/** Throws a `UsageError` for options that say nothing of use about going on. */
export function checkOptions(options: ResolvedRunOptions): void {
  const { to, resume } = options;
  if (resume && to.length === 0 && !options.output.some(isFile)) {
    throw new UsageError(
      '--resume needs an output that is a file or a database, as in -o out.jsonl or --to sqlite:results.db',
    );
  }
  if (resume && options.omitDropped) {
    throw new UsageError(
      '--resume needs a line for every task, and --omit-dropped leaves some out: give one of them',
    );
  }
  checkRefetch(options);
  checkCauses(options);
  checkFields(options);
}

/** It is a file, or will be one. */
export function isFile(output: string): boolean {
  return output !== '-' && fs.statSync(output, { throwIfNoEntry: false })?.isFile() !== false;
}

function checkRefetch({ refetch, to, resume, retryFailed, output }: ResolvedRunOptions): void {
  if (refetch === undefined) {
    return;
  }
  if (to.length === 0) {
    throw new UsageError(
      '--refetch is for going on with a table: give --to too, as in --to sqlite:results.db',
    );
  }
  if (retryFailed !== undefined) {
    throw new UsageError('--refetch and --retry-failed both say what is fetched again: give one of them');
  }
  const file = output.find(isFile);
  if (resume && file !== undefined) {
    throw new UsageError(
      `--refetch is for tables, and ${file} is a file, which has a task once: without --resume it is made anew, with what is fetched now`,
    );
  }
}

function checkCauses({ resume, refetch, retryFailed, resendUnknown }: ResolvedRunOptions): void {
  if (!resume && retryFailed !== undefined) {
    throw new UsageError('--retry-failed is for going on with a run: give --resume too');
  }
  if (!resume && refetch === undefined && resendUnknown) {
    throw new UsageError('--resend-unknown is for going on with a run: give --resume too');
  }
}

function checkFields({ resume, output, fields, next, retryFailed }: ResolvedRunOptions): void {
  const needed = [
    'index',
    ...(next === undefined ? [] : ['page', 'next', 'ok']),
    ...(retryFailed === undefined ? [] : ['ok', 'status', 'error']),
  ];
  const keys = fields?.map(({ key }) => key);
  const missing = keys === undefined ? [] : needed.filter((field) => !keys.includes(field));
  if (resume && missing.length > 0 && output.some(isFile)) {
    throw new UsageError(`--fields: --resume needs ${missing.join(', ')} among them`);
  }
}
