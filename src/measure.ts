import type { ResolvedOptions } from './model/options/options.ts';
import type { Task } from './model/task.ts';
import type { SummaryReport } from './report/report.ts';
import { BulkFetch, type RunSettings } from './run.ts';
import { batchSize } from './sources/source.ts';

/** Runs the tasks once at a concurrency, keeps no record, and tells how it went. */
export async function measure(
  tasks: readonly Task[],
  options: ResolvedOptions,
  concurrency: number,
  settings: RunSettings = {},
): Promise<SummaryReport> {
  const run = new BulkFetch(replay(tasks), { ...options, concurrency }, settings);
  for await (const _ of run.batches()) {
    // the summary has seen it
  }
  return run.summary();
}

/** All tasks of a source, to be run several times. */
export async function readAll(source: AsyncIterable<readonly Task[]>): Promise<Task[]> {
  const tasks: Task[] = [];
  for await (const batch of source) {
    tasks.push(...batch);
  }
  return tasks;
}

/** At most `count` of the items, evenly spaced, so that a sample of a long list is fair. */
export function sample<T>(items: readonly T[], count: number): readonly T[] {
  return items.length <= count
    ? items
    : Array.from({ length: count }, (_, at) => items[Math.floor((at * items.length) / count)]!);
}

async function* replay(tasks: readonly Task[]): AsyncGenerator<readonly Task[], void> {
  for (let at = 0; at < tasks.length; at += batchSize) {
    yield tasks.slice(at, at + batchSize);
  }
}
