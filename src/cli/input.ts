import { buildRequest, type RequestBase } from '../model/request.ts';
import type { ResolvedRunOptions } from '../model/options/run-options.ts';
import { openSources, type CountableSource, type SourceSettings } from '../sources/index.ts';

/** What a command fetches: the tasks, and what all of them send. */
export interface Input {
  readonly source: CountableSource;
  readonly request: RequestBase;
}

/** Opens the arguments of a command as its options say. Throws a `UsageError`. */
export async function openInput(
  args: readonly string[],
  options: ResolvedRunOptions,
  onInvalid: (message: string) => void,
): Promise<Input> {
  const { inputFormat, ids, globoff } = options;
  const input = { inputFormat, ids, globoff, onInvalid, stdin: process.stdin };
  const { request, templates } = await requestsOf(options);
  const source = await openSources(args, { ...input, request, templates, selection: selectionOf(options) });
  return { source, request };
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
