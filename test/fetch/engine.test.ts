import { describe, expect, it } from 'vitest';
import { bulkFetch } from '../../src/bulk-fetch.ts';
import type { FetchOptions } from '../../src/model/options/options.ts';
import type { FetchRecord } from '../../src/model/record.ts';
import type { RunSettings } from '../../src/run.ts';
import { createLatch } from '../servers/latch.ts';
import { failOnLeaks } from '../servers/leaks.ts';
import { scriptedServer } from '../servers/scripted.ts';
import { until } from '../servers/until.ts';

failOnLeaks();

/** Fast retries, so that tests of what happens do not wait for when. */
const quick: FetchOptions = { retryDelay: 5 };

async function all(
  urls: readonly string[],
  options: FetchOptions & RunSettings = {},
): Promise<FetchRecord[]> {
  const records = await collect(bulkFetch(urls, { ...quick, ...options }));
  return records.sort((a, b) => a.index - b.index);
}

async function collect(run: AsyncIterable<FetchRecord>): Promise<FetchRecord[]> {
  const records: FetchRecord[] = [];
  for await (const record of run) {
    records.push(record);
  }
  return records;
}

function paths(base: string, count: number): string[] {
  return Array.from({ length: count }, (_, at) => `${base}/${at}`);
}

describe('answers', () => {
  it('makes one record a task, with status, headers, body and timing', async () => {
    await using server = await scriptedServer({
      '*': ({ target }) => ({ headers: { 'content-type': 'application/json' }, body: `{"at":"${target}"}` }),
    });
    const records = await all(paths(server.url, 200));
    expect(records.map(({ body }) => body)).toEqual(paths('', 200).map((at) => ({ at })));
    expect(records[7]).toMatchObject({
      index: 7,
      id: '7',
      url: `${server.url}/7`,
      ok: true,
      status: 200,
      attempts: 1,
      bytes: 11,
      headers: { 'content-type': 'application/json' },
    });
    const { total, ...phases } = records[7]!.timing;
    expect(Object.values(phases).reduce<number>((sum, phase) => sum + (phase ?? 0), 0)).toBeCloseTo(total, 6);
  });

  it('keeps the body of a failed status', async () => {
    await using server = await scriptedServer({ '/gone': { status: 410, body: 'no more' } });
    expect(await all([`${server.url}/gone`])).toMatchObject([
      { ok: false, status: 410, error: { kind: 'status', code: 'HTTP_STATUS' } },
    ]);
  });

  it('puts together heads and bodies that arrive byte by byte', async () => {
    await using server = await scriptedServer({
      '*': (_, response) => {
        const whole =
          'HTTP/1.1 200 OK\r\nX-Long-Name: a value\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello';
        const { socket } = response;
        socket!.setNoDelay(true);
        void (async () => {
          for (const byte of whole) {
            await new Promise((resolve) => socket!.write(byte, resolve));
            await new Promise((resolve) => setImmediate(resolve));
          }
        })();
      },
    });
    const [record] = await all([`${server.url}/a`]);
    expect(record).toMatchObject({ ok: true, body: 'hello', headers: { 'x-long-name': 'a value' } });
  });

  it('keeps bodies apart that arrive interleaved on many connections', async () => {
    await using server = await scriptedServer({
      '*': ({ target }, response) => {
        response.writeHead(200, { 'content-type': 'text/plain' });
        const piece = target.padEnd(1000, '.');
        let left = 20;
        const next = () => (left-- > 0 ? response.write(piece, () => setImmediate(next)) : response.end());
        next();
      },
    });
    const records = await all(paths(server.url, 60), { concurrency: 30 });
    for (const { url, body } of records) {
      expect(body).toBe(new URL(url).pathname.padEnd(1000, '.').repeat(20));
    }
  });
});

describe('limits', () => {
  it('never has more in flight than --concurrency and --per-host allow', async () => {
    await using server = await scriptedServer({ '*': slow });
    const other = server.url.replace('127.0.0.1', 'localhost');
    await all([...paths(server.url, 60), ...paths(other, 60)], { concurrency: 12, perHost: 5 });
    expect(server.flights.peak).toBe(10);
    expect([...server.flights.peaks.values()]).toEqual([5, 5]);
    expect(server.sockets.peak).toBeLessThanOrEqual(12);
  });

  it('reads no further ahead than the queue while the lanes are busy', async () => {
    const latch = createLatch();
    await using server = await scriptedServer({ '*': () => latch.opened.then(() => ({})) });
    let pulled = 0;
    const endless = (function* () {
      for (; ; pulled++) {
        yield `${server.url}/${pulled}`;
      }
    })();
    const run = bulkFetch(endless, { ...quick, concurrency: 4, queueSize: 600 });
    const whole = collect(run);
    await until(() => server.flights.now === 4);
    await until(() => run.stats().waiting >= 600);
    expect(pulled).toBeLessThanOrEqual(600 + 512 + 4);
    run.drain();
    latch.open();
    expect(await whole).toHaveLength(4);
  });
});

const slow = async () => {
  await new Promise((resolve) => setTimeout(resolve, 20));
  return {};
};
