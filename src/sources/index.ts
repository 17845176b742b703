import { UsageError } from '../model/errors.ts';
import type { RequestSpec } from '../model/task.ts';
import { chain } from './chain.ts';
import { fileOpener } from './file.ts';
import { parseIds } from './ids.ts';
import type { CountableSource, Opener, OpenerSettings } from './part.ts';
import { stdinOpener } from './stdin.ts';
import { urlOpener } from './urls.ts';

export { fromIterable, type TaskInput } from './iterable.ts';
export type { CountableSource } from './part.ts';

/** What `openSources` needs besides the arguments. */
export interface SourceSettings {
  /** What fills `{id}` in URLs: `--ids`. */
  readonly ids?: string | undefined;
  /** Take brackets and braces in URLs for themselves. */
  readonly globoff: boolean;
  /** What every task sends. */
  readonly request: RequestSpec;
  /** Told of each line that could not be understood. */
  readonly onInvalid: (message: string) => void;
  /** What `-` reads. */
  readonly stdin: AsyncIterable<Uint8Array>;
}

/** Every kind of argument. The first that accepts one opens it; a file may be called anything. */
const openers = {
  url: urlOpener,
  stdin: stdinOpener,
  file: fileOpener,
} satisfies Record<string, Opener>;

/**
 * Turns the arguments of a run into one source. Throws a `UsageError` for whatever can be known to be
 * wrong before anything is fetched: a file that is not there, a malformed glob, ids without a use.
 */
export async function openSources(
  args: readonly string[],
  settings: SourceSettings,
): Promise<CountableSource> {
  checkArguments(args, settings);
  const { ids, globoff, stdin, request, onInvalid } = settings;
  const opened: OpenerSettings = { ids: ids === undefined ? undefined : parseIds(ids), globoff, stdin };
  const parts = await Promise.all(args.map(async (argument) => openerOf(argument).open(argument, opened)));
  return chain(parts, { firstIndex: 0, request, onInvalid });
}

function checkArguments(args: readonly string[], { ids }: SourceSettings): void {
  if (args.length === 0) {
    throw new UsageError('nothing to fetch: name a URL, a file of URLs, or - for standard input');
  }
  if (args.filter((argument) => openerOf(argument) === openers.stdin).length > 1) {
    throw new UsageError('- (standard input) can be read only once');
  }
  if (ids !== undefined && !args.some((argument) => openerOf(argument) === openers.url)) {
    throw new UsageError('--ids needs a URL with {id} to fill, such as https://api.example.com/users/{id}');
  }
}

function openerOf(argument: string): Opener {
  return Object.values<Opener>(openers).find((opener) => opener.accepts(argument)) ?? openers.file;
}
