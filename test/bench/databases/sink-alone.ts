/**
 * One sink and nothing else: `node sink-alone.ts SPEC ROWS` makes records of 1 KB beforehand, writes them as a
 * run does, and prints how long that took, from the first write to what is closed, as JSON.
 */
import { Databases } from '../../../src/databases/index.ts';
import { recordLine } from '../../../src/model/line.ts';
import { FetchRecord } from '../../../src/model/record.ts';
import { openSinks } from '../../../src/sinks/index.ts';
import { WritesUnderWay } from '../../../src/sinks/writes-under-way.ts';

const [spec = '', rows = '0'] = process.argv.slice(2);

/** As the engine hands them over. */
const batchRecords = 64;

/** A JSON body of so many bytes, as in S1. */
const bodyBytes = 991;

const records = Array.from({ length: Number(rows) }, (_, index) => recordOf(index));
const batches = Array.from({ length: Math.ceil(records.length / batchRecords) }, (_, at) =>
  records.slice(at * batchRecords, (at + 1) * batchRecords),
);
const databases = new Databases({
  pool: 10,
  isSynced: false,
  patience: {
    backoff: { retryDelay: 1_000, retryMaxDelay: 30_000, retryFactor: 2 },
    awayMs: 60_000,
    onWarning: fail,
  },
});
const sink = await openSinks([spec], {
  lineOf: recordLine,
  fsync: 'none',
  sql: { databases, withAllHeaders: false, batchSize: 500, onWarning: fail },
});

const startedAt = performance.now();
const cpu = process.cpuUsage();
const writes = new WritesUnderWay(sink);
for (const batch of batches) {
  await writes.add(batch);
}
await writes.ended();
await sink.close();
const seconds = (performance.now() - startedAt) / 1000;
const { user, system } = process.cpuUsage(cpu);
process.stdout.write(`${JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6 })}\n`);

function recordOf(index: number): FetchRecord {
  const head = {
    id: index,
    name: 'Ada Lovelace',
    email: `ada${index}@example.com`,
    tags: ['a', 'bb', 'ccc'],
  };
  const text = JSON.stringify({ ...head, pad: 'x'.repeat(bodyBytes - 10 - JSON.stringify(head).length) });
  return new FetchRecord({
    index,
    id: String(index),
    url: `http://127.0.0.1:8080/users/${index}`,
    ok: true,
    status: 200,
    attempts: 1,
    headers: { 'content-type': 'application/json', etag: `"${index}"` },
    bytes: text.length,
    content: { form: 'json', text },
    timing: { queue: 0.1, firstByte: 1.25 + (index % 10), download: 0.05, total: 1.4 + (index % 10) },
    startedAt: 1_780_000_000_000 + index,
  });
}

function fail(message: string): never {
  throw new Error(message);
}
