import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { filePath, fromHere, stackOf, stackPlace } from './stack-place.ts';
import { isThrown, thrownLine } from './thrown.ts';

/** The module that did not load. */
export interface FailedModule {
  /** As the user wrote it. */
  readonly spec: string;
  readonly url: string;
}

/**
 * Why a module does not load, in one line that begins with the file, line and column where that is known.
 * `own`: the folders of this program.
 */
export async function loadProblem(
  error: unknown,
  { spec, url }: FailedModule,
  own: readonly string[],
): Promise<string> {
  const message = thrownLine(error);
  const place =
    arrowPlace(stackOf(error)) ??
    stackPlace(error, own) ??
    importPlace(message) ??
    (isThrown(error, SyntaxError) ? await placeByAnother(url) : undefined);
  const importer = / imported from (.*)$/.exec(message)?.[1];
  const isTold = place !== undefined || own.some((folder) => importer?.startsWith(folder) === true);
  return `${place ?? spec}: ${isTold ? message.replace(/ imported from .*$/, '') : message}`;
}

/**
 * Node puts the place of some errors before the stack: file and line, some lines of the file, and arrows
 * under the fault.
 */
function arrowPlace(text: string): string | undefined {
  const lines = text.split('\n');
  const [, file, line] = /^(.+):(\d+)$/.exec(lines[0] ?? '') ?? [];
  const arrows = lines.slice(1, 8).find((one) => /^ *\^+ *$/.test(one));
  if (file === undefined || !/^(?:file:|[\\/]|[A-Za-z]:)/.test(file)) {
    return undefined;
  }
  const column = arrows === undefined ? '' : `:${arrows.indexOf('^') + 1}`;
  return `${fromHere(filePath(file))}:${line}${column}`;
}

/** What is imported and not there, looked up in the text that imports it: Node says only which file that is. */
function importPlace(message: string): string | undefined {
  const [, wanted, importer] =
    /^Cannot find (?:module|package) '(.+)' imported from (.+)$/.exec(message) ?? [];
  if (wanted === undefined || importer === undefined || !fs.existsSync(importer)) {
    return undefined;
  }
  const text = fs.readFileSync(importer, 'utf8');
  for (const match of text.matchAll(/\b(?:from|import)\s*\(?\s*(['"])(.+?)\1/g)) {
    const specifier = match[2]!;
    const resolved = specifier.startsWith('file:')
      ? filePath(specifier)
      : path.resolve(path.dirname(importer), specifier);
    if (specifier === wanted || specifier.startsWith(`${wanted}/`) || resolved === wanted) {
      const before = text.slice(0, match.index + match[0].length - specifier.length - 1).split('\n');
      return `${fromHere(importer)}:${before.length}:${before.at(-1)!.length}`;
    }
  }
  return undefined;
}

/**
 * Node tells the place of a syntax error in a JavaScript module to nobody but standard error, when nothing
 * has caught it: so another process is let fall over it. Nothing of the module runs: it has no syntax.
 */
async function placeByAnother(url: string): Promise<string | undefined> {
  const script = `await import(${JSON.stringify(url)})`;
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  const stderr = await run.then(
    () => '',
    (error: { stderr?: string }) => error.stderr ?? '',
  );
  const start = stderr.search(/^(?:file:|[\\/]|[A-Za-z]:[\\/]).*:\d+$/m);
  return start === -1 ? undefined : arrowPlace(stderr.slice(start));
}
