/**
 * Fetches the same URLs again and again in one process, in turn without and with an observer that does nothing.
 *
 * usage: fetching.ts LIBRARY URL COUNT ROUNDS  (one line of JSON on standard output: seconds of each round)
 */
import { pathToFileURL } from 'node:url';
import type { bulkFetch as BulkFetch } from '../../../src/bulk-fetch.ts';
import type { ObservingRound } from './rounds.ts';

const [library = '', url = '', count = '', rounds = ''] = process.argv.slice(2);
const { bulkFetch } = (await import(pathToFileURL(library).href)) as { bulkFetch: typeof BulkFetch };
const urls = Array.from({ length: Number(count) }, (_, at) => `${url}/users/${at + 1}`);

await seconds(undefined); // V8 has compiled it then
const found: ObservingRound[] = [];
for (let round = 0; round < Number(rounds); round++) {
  // Each is the first one as often as the other.
  const first = await seconds(round % 2 === 0 ? undefined : idle);
  const second = await seconds(round % 2 === 0 ? idle : undefined);
  const [absent, observed] = round % 2 === 0 ? [first, second] : [second, first];
  found.push({ absent, idle: observed });
}
process.stdout.write(`${JSON.stringify(found)}\n`);

function idle(): void {}

async function seconds(observer: (() => void) | undefined): Promise<number> {
  const startedAt = performance.now();
  for await (const { ok } of bulkFetch(urls, { concurrency: 50, observer })) {
    if (!ok) {
      throw new Error('a record is not ok');
    }
  }
  return (performance.now() - startedAt) / 1000;
}
