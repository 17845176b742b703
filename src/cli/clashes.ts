import fs from 'node:fs';
import path from 'node:path';
import { UsageError } from '../model/errors.ts';

/** The files that each flag has written; `-` is standard output. */
export type WrittenFiles = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Throws when a file that is to be written is an input, or is written by two flags, under whatever
 * names. Pipes and devices may be both.
 */
export function refuseClashes(written: WrittenFiles, inputs: readonly string[]): void {
  const read = new Set(inputs.map(idOfInput));
  const names = new Map<string, string>();
  for (const [flag, files = []] of Object.entries(written)) {
    for (const file of [files].flat()) {
      const id = idOfOutput(file);
      if (id === undefined) {
        continue;
      }
      if (read.has(id)) {
        throw new UsageError(`${flag}: ${file} is also an input; writing would destroy it`);
      }
      const other = names.get(id);
      if (other !== undefined) {
        throw new UsageError(`${other} and ${flag} ${file} are the same file`);
      }
      names.set(id, `${flag} ${file}`);
    }
  }
}

function idOfInput(input: string): string | undefined {
  return idOf(input === '-' ? fs.fstatSync(0) : statsOf(input));
}

function idOfOutput(output: string): string | undefined {
  if (output === '-') {
    return idOf(fs.fstatSync(1)) ?? output;
  }
  const stats = statsOf(output);
  return stats === undefined ? futurePath(output) : idOf(stats);
}

/** Undefined for what is no file, such as a URL. */
function statsOf(file: string): fs.Stats | undefined {
  return fs.existsSync(file) ? fs.statSync(file) : undefined;
}

/** The same for all names of a file; undefined for a pipe or device. */
function idOf(stats: fs.Stats | undefined): string | undefined {
  return stats?.isFile() === true ? `${stats.dev}:${stats.ino}` : undefined;
}

/** Where a file will be: a folder may have several names. */
function futurePath(file: string): string {
  const { dir, base } = path.parse(path.resolve(file));
  return path.join(fs.existsSync(dir) ? fs.realpathSync(dir) : dir, base);
}
