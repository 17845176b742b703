import { describe, expect, it } from 'vitest';
import type { FetchRecord } from '../../../src/model/record.ts';
import { createLatch } from '../../servers/latch.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { scriptedServer } from '../../servers/scripted.ts';
import { until } from '../../servers/until.ts';
import { collect, fetchAll, paths, start } from './fetching.ts';

failOnLeaks();

/** URLs without end, and how many were taken. */
function endless(base: string) {
  const source = {
    pulled: 0,
    *[Symbol.iterator]() {
      for (;;) {
        yield `${base}/${source.pulled++}`;
      }
    },
  };
  return source;
}

describe('a consumer that takes nothing more', () => {
  it.each([
    ['many small records', 'x', 2_048 + 256],
    ['few large ones', 'x'.repeat(1024 * 1024), 8 + 2],
  ])('stops the starts and the pulls: %s', async (_, body, mostWaiting) => {
    await using server = await scriptedServer({ '*': { body } });
    const source = endless(server.url);
    const run = start(source, { concurrency: 4, queueSize: 512 });
    const records = run[Symbol.asyncIterator]();
    expect((await records.next()).value).toMatchObject({ ok: true });
    await until(() => run.stats().inFlight === 0);
    const { requests } = run.stats();
    expect(requests).toBeLessThanOrEqual(mostWaiting + 4);
    expect(source.pulled).toBeLessThanOrEqual(requests + 2 * 512);
    // Nothing goes on behind its back …
    const { read } = run.stats();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(run.stats()).toMatchObject({ requests, read, inFlight: 0 });
    // … and all goes on when it takes records again.
    for (let taken = 1; taken <= requests; taken++) {
      await records.next();
    }
    await until(() => run.stats().requests > requests);
    await records.return();
    await until(() => server.sockets.open === 0);
  });
});

it.each([1, 7, 100])('reads no more than the queue holds: %i tasks', async (queueSize) => {
  const latch = createLatch();
  await using server = await scriptedServer({
    '*': async () => {
      await latch.opened;
      return {};
    },
  });
  const urls = paths(server.url, 1_500);
  const run = start(urls, { concurrency: 3, queueSize });
  const records = collect(run);
  await until(() => server.flights.now === 3);
  await until(() => run.stats().read === queueSize + 3);
  await new Promise((resolve) => setTimeout(resolve, 20)); // nothing comes to await: it must stay so
  expect(run.stats()).toMatchObject({ read: queueSize + 3, waiting: queueSize });
  latch.open();
  expect((await records).filter(({ ok }) => ok)).toHaveLength(urls.length);
});

describe('a source that throws', () => {
  const broken = new Error('the source broke');

  it.each([
    [
      'a generator',
      function* (base: string) {
        yield* [`${base}/0`, `${base}/1`, `${base}/2`];
        throw broken;
      },
    ],
    [
      'an async generator',
      async function* (base: string) {
        yield* [`${base}/0`, `${base}/1`, `${base}/2`];
        throw broken;
      },
    ],
  ])('ends the run after the records of what it gave: %s', async (_, generate) => {
    await using server = await scriptedServer({ '*': {} });
    const records: FetchRecord[] = [];
    const run = async () => {
      for await (const record of start(generate(server.url))) {
        records.push(record);
      }
    };
    await expect(run()).rejects.toBe(broken);
    expect(records.map(({ ok }) => ok)).toEqual([true, true, true]);
  });

  it('at once is an error without records', async () => {
    const source: Iterable<string> = {
      [Symbol.iterator]() {
        throw broken;
      },
    };
    await expect(collect(start(source))).rejects.toBe(broken);
  });
});

describe('input', () => {
  it('that is no URL becomes a record in its place, and nothing is sent', async () => {
    await using server = await scriptedServer({ '*': {} });
    const urls = [`${server.url}/0`, 'no url', `${server.url}/2`, 'ftp://127.0.0.1/', ''];
    const records = await fetchAll(urls, { ordered: true });
    expect(records.map(({ index, url, attempts, error }) => [index, url, attempts, error?.code])).toEqual([
      [0, `${server.url}/0`, 1, undefined],
      [1, 'no url', 0, 'INVALID_URL'],
      [2, `${server.url}/2`, 1, undefined],
      [3, 'ftp://127.0.0.1/', 0, 'UNSUPPORTED_SCHEME'],
      [4, '', 0, 'INVALID_URL'],
    ]);
    expect(records[1]).toMatchObject({ ok: false, status: undefined, error: { kind: 'input' } });
    expect(server.received).toHaveLength(2);
  });

  it('keeps its id and meta', async () => {
    await using server = await scriptedServer({ '*': {} });
    const meta = { row: 7 };
    const inputs = [{ url: server.url, id: 'a', meta }, { url: server.url }, { url: 'bad', id: 'b', meta }];
    const records = await fetchAll(inputs);
    expect(records.map(({ id }) => id)).toEqual(['a', '1', 'b']);
    expect(records.map((record) => record.meta)).toEqual([meta, undefined, meta]);
  });

  it('of invalid URLs alone ends', async () => {
    const records = await fetchAll(Array<string>(2_000).fill('bad'), { queueSize: 10 });
    expect(records).toHaveLength(2_000);
  });

  it.each([
    ['list', []],
    ['generator', (function* (): Generator<string> {})()],
    ['async generator', (async function* (): AsyncGenerator<string> {})()],
  ])('of an empty %s gives no records', async (_, input) => {
    expect(await fetchAll(input)).toEqual([]);
  });

  it('larger than the queue comes to its end', async () => {
    await using server = await scriptedServer({ '*': {} });
    const urls = Array.from({ length: 1_500 }, (_, at) => `${server.url}/${at}`);
    expect(await fetchAll(urls, { queueSize: 5, concurrency: 50 })).toHaveLength(1_500);
    expect(await fetchAll(urls, { queueSize: 5, concurrency: 50, ordered: true })).toHaveLength(1_500);
  });
});
