import { resolveLibraryOptions, type LibraryOptions } from './model/options/transform-options.ts';
import { buildRequest } from './model/request.ts';
import { BulkFetch, type RunSettings } from './run.ts';
import { fromIterable, type TaskInput } from './sources/index.ts';

/**
 * Fetches every URL of a list, generator or stream, many at a time, and gives one record for each,
 * whether it succeeded or not.
 *
 * ```ts
 * for await (const record of bulkFetch(urls, { concurrency: 50, timeout: '5s' })) {
 *   console.log(record.url, record.ok ? record.body : record.error);
 * }
 * ```
 *
 * Throws a `UsageError` for wrong options at once, what the input throws while iterating, and the
 * signal's reason when it is aborted; a failed fetch is never thrown, it is a record.
 */
export function bulkFetch(
  input: Iterable<TaskInput> | AsyncIterable<TaskInput>,
  options: LibraryOptions & RunSettings = {},
): BulkFetch {
  const { signal, env, resolver, random, savesBodies, observer, slowMs, onWarning, ...libraryOptions } =
    options;
  const resolved = resolveLibraryOptions(libraryOptions);
  const request = buildRequest(resolved);
  const source = fromIterable(input, { firstIndex: 0, request, onInvalid: () => {} });
  return new BulkFetch(source, resolved, {
    signal,
    env,
    resolver,
    random,
    savesBodies,
    observer,
    slowMs,
    onWarning,
  });
}
