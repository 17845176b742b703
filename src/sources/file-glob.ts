import { existsSync, statSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { UsageError } from '../model/errors.ts';

/**
 * The files that an argument names: itself, or, when there is no such file and it is a glob pattern
 * (`data/*.jsonl`, with `**`, `?`, `[a-z]` and `{a,b}` as Node's `glob` has them), those that match, in
 * order of their names. Throws a `UsageError` when none does.
 */
export async function filesOf(argument: string): Promise<string[]> {
  if (!/[*?[{]/.test(argument) || existsSync(argument)) {
    return [argument];
  }
  const files: string[] = [];
  for await (const path of glob(argument)) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === false) {
      files.push(path);
    }
  }
  if (files.length === 0) {
    throw new UsageError(`${argument}: no such file, and none that matches it as a pattern`);
  }
  return files.sort();
}
