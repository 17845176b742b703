/**
 * Fetches users and puts them through transforms, in a process of its own whose event loop is watched.
 *
 * usage: fetching.ts LIBRARY URL COUNT CONCURRENCY WORKERS [TRANSFORM]  (one line of JSON on standard output)
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import type { bulkFetch as BulkFetch } from '../../../src/bulk-fetch.ts';
import type { FetchingFigures } from './figures.ts';

const [library = '', url = '', count = '', concurrency = '', workers = '', ...transform] =
  process.argv.slice(2);
const { bulkFetch } = (await import(pathToFileURL(library).href)) as { bulkFetch: typeof BulkFetch };
const users = Array.from({ length: Number(count) }, (_, at) => `${url}/users/${at + 1}`);

const run = bulkFetch(users, {
  concurrency: Number(concurrency),
  transform,
  transformWorkers: Number(workers),
});
await run.open();
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
let first: unknown;
for await (const { index, ok, result } of run) {
  if (!ok) {
    throw new Error('a record is not ok');
  }
  first = index === 0 ? result : first;
}
delay.disable();
const { elapsedMs, latencyMs } = run.summary();
const figures: FetchingFigures = {
  seconds: elapsedMs / 1000,
  first,
  loopP99Ms: delay.percentile(99) / 1e6,
  loopMaxMs: delay.max / 1e6,
  latencyP99Ms: latencyMs?.p99 ?? Number.NaN,
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
