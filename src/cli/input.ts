import type { Databases } from '../databases/index.ts';
import { UsageError } from '../model/errors.ts';
import { buildRequest, type RequestBase } from '../model/request.ts';
import type { ResolvedRunOptions } from '../model/options/run-options.ts';
import { openSources, type CountableSource, type SourceSettings } from '../sources/index.ts';
import type { FlagValues } from './options.ts';

/** What a command fetches: the tasks, and what all of them send. */
export interface Input {
  readonly source: CountableSource;
  readonly request: RequestBase;
}

/** What `openInput` needs besides the options. */
export interface InputSettings {
  /** Told of each line or row that could not be understood, and of ids that the query gives no row for. */
  readonly onInvalid: (message: string) => void;
  /** Those of the run; undefined: it has none. */
  readonly databases: Databases | undefined;
}

/** Throws a `UsageError` when a command is told nothing to fetch. */
export function refuseNothing(args: readonly string[], flags: FlagValues): void {
  if (args.length === 0 && flags['from'] === undefined && flags['query'] === undefined) {
    throw new UsageError('nothing to fetch: give URLs, a file of URLs, or - for standard input (see --help)');
  }
}

/** Opens the arguments of a command as its options say. Throws a `UsageError`. */
export async function openInput(
  args: readonly string[],
  options: ResolvedRunOptions,
  { onInvalid, databases }: InputSettings,
): Promise<Input> {
  const { inputFormat, ids, globoff } = options;
  const input = { inputFormat, ids, globoff, onInvalid, stdin: process.stdin };
  const query = queryOf(options, databases, onInvalid);
  const { request, templates } = await requestsOf(options);
  const selection = selectionOf(options);
  const source = await openSources(args, { ...input, request, templates, selection, query });
  return { source, request };
}

/** What to say when the input has no task. */
export function noTask(args: readonly string[], { from }: ResolvedRunOptions): string {
  const inputs = args.length === 0 ? [] : [`there is no URL in ${args.join(', ')}`];
  return `no task: ${[...(from === undefined ? [] : ['the query gives no row']), ...inputs].join(', and ')}`;
}

/** Throws a `UsageError` for a query without a database, and the other way round. */
function queryOf(
  { from, query, param, dbBatch, dbPool }: ResolvedRunOptions,
  databases: Databases | undefined,
  onWarning: (message: string) => void,
): SourceSettings['query'] {
  if (from === undefined || databases === undefined) {
    const needing = query !== undefined ? '--query' : param.length > 0 ? '--param' : undefined;
    if (needing !== undefined) {
      throw new UsageError(`${needing}: needs a --from, the database that is asked`);
    }
    return undefined;
  }
  if (query === undefined) {
    throw new UsageError('--from: needs a --query, as in --query "select id, name from users"');
  }
  const lookups = { size: dbBatch, pool: dbPool };
  return { databases, from, sql: query, parameters: param, lookups, onWarning };
}

type Requests = Pick<SourceSettings, 'request' | 'templates'>;

async function requestsOf(options: ResolvedRunOptions): Promise<Requests> {
  const { url, header, json, data } = options;
  if (url === undefined) {
    return { request: buildRequest(options) };
  }
  const templates = { url, header, json, data };
  const { withoutPlaces } = await import('../sources/rows/row-templates.ts');
  return { request: buildRequest({ ...options, ...withoutPlaces(templates) }), templates };
}

function selectionOf({ skip, shard, dedupe, limit }: ResolvedRunOptions): SourceSettings['selection'] {
  const isAll = skip === 0 && shard === undefined && !dedupe && limit === undefined;
  return isAll ? undefined : { skip, shard, dedupe, limit };
}
