import { bulkFetch } from '../../../src/bulk-fetch.ts';
import type { FetchOptions } from '../../../src/model/options/options.ts';
import type { FetchRecord } from '../../../src/model/record.ts';
import type { BulkFetch, RunSettings } from '../../../src/run.ts';
import type { TaskInput } from '../../../src/sources/index.ts';

/** What a test may set. */
export type Settings = FetchOptions & RunSettings;

/** A run whose retries come fast, so that tests of what happens do not wait for when. */
export function start(
  inputs: Iterable<TaskInput> | AsyncIterable<TaskInput>,
  settings: Settings = {},
): BulkFetch {
  return bulkFetch(inputs, { retryDelay: 5, ...settings });
}

/** The records of a whole run, in input order. */
export async function fetchAll(
  inputs: Iterable<TaskInput> | AsyncIterable<TaskInput>,
  settings: Settings = {},
): Promise<FetchRecord[]> {
  const records = await collect(start(inputs, settings));
  return records.sort((a, b) => a.index - b.index);
}

/** The record of a run of one task. */
export async function fetchOne(url: string, settings: Settings = {}): Promise<FetchRecord> {
  const [record] = await fetchAll([url], settings);
  return record!;
}

/** Records in the order in which they come. */
export async function collect(run: AsyncIterable<FetchRecord>): Promise<FetchRecord[]> {
  const records: FetchRecord[] = [];
  for await (const record of run) {
    records.push(record);
  }
  return records;
}

/** `base/0`, `base/1` and so on. */
export function paths(base: string, count: number): string[] {
  return Array.from({ length: count }, (_, at) => `${base}/${at}`);
}
