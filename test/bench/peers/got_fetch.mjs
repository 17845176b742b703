// What a Node user writes: got behind p-limit, one JSON line per URL.
// usage: got_fetch.mjs URLS CONCURRENCY  (records on standard output; run beside its node_modules)
import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import got from 'got';
import pLimit from 'p-limit';

const [file, concurrency] = process.argv.slice(2);
const urls = readFileSync(file, 'utf8').trim().split('\n');
const limit = pLimit(Number(concurrency));
const agent = { http: new Agent({ keepAlive: true, maxSockets: Number(concurrency) }) };

await Promise.all(urls.map((url) => limit(() => fetchOne(url))));
agent.http.destroy();

async function fetchOne(url) {
  const started = performance.now();
  try {
    const response = await got(url, { agent, responseType: 'json' });
    print({
      url,
      ok: true,
      status: response.statusCode,
      body: response.body,
      ms: performance.now() - started,
    });
  } catch (error) {
    print({ url, ok: false, error: error.message, ms: performance.now() - started });
  }
}

function print(record) {
  process.stdout.write(`${JSON.stringify(record)}\n`);
}
