import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isThrown } from './thrown.ts';

/** A line of a stack that is in a file; those of Node itself have no path. */
const frame = /^ +at (?:.*? \()?(?:async )?((?:file:\/\/)?(?:[A-Za-z]:)?[\\/][^()\n]*):(\d+):(\d+)\)?$/gm;

/**
 * Where in a file of the user's an error was thrown, as `hash.ts:3:14`; undefined where its stack names
 * none. `own`: the folders of this program, whose frames are passed over.
 */
export function stackPlace(error: unknown, own: readonly string[]): string | undefined {
  for (const [, file, line, column] of stackOf(error).matchAll(frame)) {
    const shown = filePath(file!);
    if (!own.some((folder) => shown.startsWith(folder))) {
      return `${fromHere(shown)}:${line}:${column}`;
    }
  }
  return undefined;
}

/** The stack of an error, else an empty text. Whoever threw it may have made anything of it, a getter that throws too. */
export function stackOf(error: unknown): string {
  try {
    const stack: unknown = isThrown(error, Error) ? error.stack : '';
    return typeof stack === 'string' ? stack : '';
  } catch {
    return '';
  }
}

/** The path of a file as a stack has it: modules stand there as URLs. */
export function filePath(file: string): string {
  try {
    return file.startsWith('file:') ? fileURLToPath(file) : file;
  } catch {
    return file; // of another machine, or not a URL after all
  }
}

/** A path as short as it can be told: relative to the working directory where it is below it. */
export function fromHere(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative;
}
