import { describe, expect, it } from 'vitest';
import { SinkError } from '../../../src/model/errors.ts';
import type { SentMarks } from '../../../src/model/marks.ts';
import type { FetchRecord } from '../../../src/model/record.ts';
import type { BulkFetch } from '../../../src/run.ts';
import { createLatch } from '../../servers/latch.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { scriptedServer } from '../../servers/scripted.ts';
import { until } from '../../servers/until.ts';
import { paths, start, type Settings } from './fetching.ts';

failOnLeaks();

const post: Settings = { method: 'POST', data: 'x=1' };

/** Marks in memory, and what had been marked when the server saw each request. */
function fakeMarks(write: () => Promise<void> = () => Promise.resolve()) {
  const made: string[] = [];
  const marks: SentMarks = {
    async add({ index, page }) {
      await write();
      made.push(`${index}:${page}`);
    },
  };
  return { marks, made };
}

/** The records of a run with marks, and what it threw. */
async function outcome(run: BulkFetch, marks: SentMarks) {
  const records: FetchRecord[] = [];
  try {
    for await (const batch of run.batches(marks)) {
      records.push(...batch);
    }
    return { records };
  } catch (error) {
    return { records, error };
  }
}

describe('what may not be sent twice', () => {
  it('is marked before it is sent, once', async () => {
    const { marks, made } = fakeMarks();
    const before: number[] = [];
    await using server = await scriptedServer({
      '*': () => {
        before.push(made.length);
        return {};
      },
    });
    const { records } = await outcome(start(paths(server.url, 20), { ...post, concurrency: 1 }), marks);
    expect(records.every(({ ok }) => ok)).toBe(true);
    expect(made).toEqual(Array.from({ length: 20 }, (_, index) => `${index}:1`));
    expect(before).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
  });

  it('waits for its mark, in the phase `queue`', async () => {
    const written = createLatch();
    const { marks, made } = fakeMarks(() => written.opened);
    await using server = await scriptedServer({ '/get': {}, '*': {} });
    const tasks = [{ url: `${server.url}/post`, method: 'POST' }, `${server.url}/get`];
    const done = outcome(start(tasks), marks);
    await until(() => server.hits('/get') === 1);
    expect([server.hits('/post'), made]).toEqual([0, []]);
    const from = performance.now();
    await until(() => performance.now() - from > 5);
    written.open();
    const { timing } = (await done).records.find(({ index }) => index === 0)!;
    expect(server.hits('/post')).toBe(1);
    expect(timing.queue).toBeGreaterThan(4);
  });

  it('is marked once, however often it is tried, and page by page', async () => {
    const { marks, made } = fakeMarks();
    await using server = await scriptedServer({
      '/1': { status: 307, headers: { location: '/2' } },
      '/2': { body: '{"next":"/3"}' },
      '/3': { body: '{}' },
    });
    const settings = { method: 'POST', data: '{}', next: '$.next' };
    await outcome(start([`${server.url}/1`], settings), marks);
    const [first] = made;
    expect(first).toBe('0:1');
    expect(new Set(made).size).toBe(made.length);
  });

  it.each<[string, Settings]>([
    ['GET', {}],
    ['PUT', { method: 'PUT', data: 'x' }],
    ['POST with --retry-unsafe', { ...post, retryUnsafe: true }],
    ['POST with --idempotency-key', { ...post, idempotencyKey: true }],
    ['POST with an Idempotency-Key of its own', { ...post, header: ['Idempotency-Key: 7'] }],
  ])('%s has no mark', async (_, settings) => {
    const { marks, made } = fakeMarks();
    await using server = await scriptedServer({ '*': {} });
    const { records } = await outcome(start(paths(server.url, 3), settings), marks);
    expect([records.length, made]).toEqual([3, []]);
  });

  it('is marked when a redirect takes it where our key does not go', async () => {
    const { marks, made } = fakeMarks();
    await using other = await scriptedServer({ '*': {} });
    await using server = await scriptedServer({ '*': { status: 307, headers: { location: other.url } } });
    const { records } = await outcome(start([server.url], { ...post, idempotencyKey: true }), marks);
    expect([records[0]?.ok, made]).toEqual([true, ['0:1']]);
  });
});

describe('a time limit while the mark is written', () => {
  it('ends the attempt, which is not sent when the mark is there', async () => {
    const written = createLatch();
    const { marks, made } = fakeMarks(() => written.opened);
    await using server = await scriptedServer({ '*': {} });
    const { records } = await outcome(start([server.url], { ...post, timeout: 20, retry: 0 }), marks);
    expect(records).toMatchObject([{ ok: false, attempts: 1, error: { code: 'TOTAL_TIMEOUT' } }]);
    written.open();
    await until(() => made.length === 1);
    expect(server.sockets.total).toBe(0);
  });

  it('leaves the next attempt alone: the request goes out once', async () => {
    const written = createLatch();
    let asked = 0;
    const { marks } = fakeMarks(() => (++asked === 2 ? Promise.resolve(written.open()) : written.opened));
    await using server = await scriptedServer({ '*': {} });
    const { records } = await outcome(start([server.url], { ...post, timeout: 20, retryDelay: 1 }), marks);
    expect(records).toMatchObject([{ ok: true, attempts: 2 }]);
    expect(server.received).toHaveLength(1);
  });
});

it('a mark that cannot be made ends the run: what is in flight ends, the rest is not sent', async () => {
  const fault = new SinkError('cannot write out.jsonl.bulkfetch: ENOSPC');
  const failed = createLatch();
  let asked = 0;
  const { marks } = fakeMarks(async () => {
    if (++asked > 2) {
      failed.open();
      throw fault;
    }
  });
  await using server = await scriptedServer({
    '*': async () => {
      await failed.opened;
      return {};
    },
  });
  const { records, error } = await outcome(start(paths(server.url, 50), { ...post, concurrency: 5 }), marks);
  expect(error).toBe(fault);
  expect(records.map(({ index, ok }) => [index, ok])).toEqual([
    [0, true],
    [1, true],
  ]);
  expect(server.received).toHaveLength(2);
});
