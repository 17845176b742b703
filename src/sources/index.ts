import { UsageError } from '../model/errors.ts';
import type { RequestBase } from '../model/request.ts';
import { withoutUserInfo } from '../model/url.ts';
import { chain } from './chain.ts';
import { filesOf } from './file-glob.ts';
import { fileOpener } from './file.ts';
import { parseIds } from './urls/ids.ts';
import type { FormatSettings } from './reader.ts';
import type { CountableSource, Opener, OpenerSettings, SourcePart } from './part.ts';
import type { Selection } from './select/select.ts';
import type { QueryInput } from './sql/query.ts';
import { stdinOpener } from './stdin.ts';
import { urlOpener } from './urls/urls.ts';

export { fromIterable } from './iterable.ts';
export { isUrl } from './urls/urls.ts';
export type { CountableSource, LeftOut } from './part.ts';
export type { TaskFields, TaskInput } from './tasks/task-input.ts';

/** What `openSources` needs besides the arguments. */
export interface SourceSettings extends FormatSettings {
  /** What fills `{id}` in URLs, or is looked up by the query: `--ids`. */
  readonly ids?: string | undefined;
  /** A query whose rows are tasks, before those of the arguments. */
  readonly query?: QueryInput | undefined;
  /** Take brackets and braces in URLs for themselves. */
  readonly globoff: boolean;
  /** Which of the tasks are fetched; absent: all. */
  readonly selection?: Selection | undefined;
  /** What every task sends, but for what it says itself. */
  readonly request: RequestBase;
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
  const { ids, request, selection, onInvalid } = settings;
  const opened: OpenerSettings = { ...settings, ids: ids === undefined ? undefined : parseIds(ids) };
  const named = await Promise.all(
    (await expandArguments(args)).map(async (argument) => openerOf(argument).open(argument, opened)),
  );
  const parts = [...(await queried(settings.query, opened)), ...named];
  const all = (tell: (message: string) => void) => chain(parts, { firstIndex: 0, request, onInvalid: tell });
  return selection === undefined
    ? all(onInvalid)
    : (await import('./select/select.ts')).select(all, selection, onInvalid);
}

/**
 * The arguments, with those that are patterns of files (`'data/*.jsonl'`) replaced by the files. Throws a
 * `UsageError` for a pattern that none matches.
 */
export async function expandArguments(args: readonly string[]): Promise<string[]> {
  const expanded = args.map(async (argument) =>
    openerOf(argument) === openers.file ? filesOf(argument) : [argument],
  );
  return (await Promise.all(expanded)).flat();
}

/** First, for its rows begin to be read here. */
async function queried(
  query: QueryInput | undefined,
  settings: OpenerSettings,
): Promise<readonly SourcePart[]> {
  return query === undefined ? [] : [await (await import('./sql/query.ts')).openQuery(query, settings)];
}

function checkArguments(args: readonly string[], { ids, templates, query }: SourceSettings): void {
  if (args.length === 0 && query === undefined) {
    throw new UsageError('nothing to fetch: name a URL, a file of URLs, or - for standard input');
  }
  if (args.filter((argument) => openerOf(argument) === openers.stdin).length > 1) {
    throw new UsageError('- (standard input) can be read only once');
  }
  const url = args.find((argument) => openerOf(argument) === openers.url);
  if (templates !== undefined && url !== undefined) {
    throw new UsageError(
      `--url makes URLs of rows, from a file or -, and ${withoutUserInfo(url)} is a URL already`,
    );
  }
  if (ids !== undefined && query === undefined && url === undefined) {
    throw new UsageError('--ids needs a URL with {id} to fill, such as https://api.example.com/users/{id}');
  }
  if (ids !== undefined && query !== undefined && url !== undefined) {
    throw new UsageError(`--ids are looked up by --query, and cannot fill ${withoutUserInfo(url)} too`);
  }
}

function openerOf(argument: string): Opener {
  return Object.values<Opener>(openers).find((opener) => opener.accepts(argument)) ?? openers.file;
}
