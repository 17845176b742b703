import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FetchRecord } from '../../../src/model/record.ts';
import { createLatch } from '../../servers/latch.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { scriptedServer, type Received } from '../../servers/scripted.ts';
import { until } from '../../servers/until.ts';
import { collect, fetchAll, paths, start } from './fetching.ts';
import { origins, toLoopback } from './names.ts';
import { page, queryOf, upTo } from './pages.ts';

failOnLeaks();

const places = (records: readonly FetchRecord[]) => records.map(({ index, page }) => [index, page]);

/** Index and page of every page, in input order: `counts[i]` pages of task i. */
function allPlaces(counts: readonly number[]) {
  return counts.flatMap((count, index) => Array.from({ length: count }, (_, at) => [index, at + 1]));
}

describe('every page has one record, whatever the number of pages', () => {
  const counts = fc.array(
    fc.nat({ max: 6 }).map((count) => count + 1),
    { minLength: 1, maxLength: 30 },
  );
  const settings = fc.record({
    concurrency: fc.integer({ min: 1, max: 8 }),
    queueSize: fc.integer({ min: 1, max: 8 }),
  });

  it.each([true, false])('(ordered: %s)', async (ordered) => {
    let last: readonly number[] = [];
    await using server = await scriptedServer({
      '*': async (request) => {
        const index = Number(request.target.slice(1).split('?')[0]);
        await new Promise((resolve) =>
          setTimeout(resolve, (index * 7 + Number(queryOf(request).get('page')) * 5) % 4),
        );
        return upTo(last[index]!)(request);
      },
    });
    await fc.assert(
      fc.asyncProperty(counts, settings, async (counts, { concurrency, queueSize }) => {
        last = counts;
        const run = start(paths(server.url, counts.length), {
          next: '$.next',
          ordered,
          concurrency,
          queueSize,
        });
        const found = places(await collect(run));
        const expected = allPlaces(counts);
        expect(ordered ? found : found.toSorted(byPlace)).toEqual(expected);
        counts.forEach((count, index) => {
          const pages = found.filter(([one]) => one === index).map(([, page]) => page);
          expect(pages).toEqual(Array.from({ length: count }, (_, at) => at + 1));
        });
        expect(run.stats()).toMatchObject({
          read: counts.length,
          finished: counts.length,
          waiting: 0,
          inFlight: 0,
        });
        const { tasks, pages } = run.summary();
        expect(tasks).toEqual({ total: counts.length, ok: counts.length, failed: 0, sent: counts.length });
        expect(pages).toEqual({ total: expected.length, cutOff: 0 });
      }),
      { numRuns: 15 },
    );
  });
});

function byPlace(
  [indexA = 0, pageA = 0]: (number | undefined)[],
  [indexB = 0, pageB = 0]: (number | undefined)[],
) {
  return indexA - indexB || pageA - pageB;
}

describe('--ordered', () => {
  it('keeps pages together where some fail, and gives those of the awaited task at once', async () => {
    const latch = createLatch();
    await using server = await scriptedServer({
      '/0': async (request) => {
        if (queryOf(request).get('page') === '3') {
          await latch.opened;
        }
        return upTo(4)(request);
      },
      '/1': upTo(2),
      '/2': (request) => (queryOf(request).get('page') === '2' ? { status: 404 } : upTo(3)(request)),
      '/3': page({ next: '/3' }),
    });
    const run = start([...paths(server.url, 4), 'nonsense'], { next: '$.next', ordered: true });
    const records: FetchRecord[] = [];
    for await (const record of run) {
      records.push(record);
      if (records.length === 2) {
        await until(() => run.stats().finished === 4); // all others are held back
        expect(places(records)).toEqual([
          [0, 1],
          [0, 2],
        ]);
        latch.open();
      }
    }
    expect(records.map(({ index, page, error }) => [index, page, error?.code])).toEqual([
      [0, 1, undefined],
      [0, 2, undefined],
      [0, 3, undefined],
      [0, 4, undefined],
      [1, 1, undefined],
      [1, 2, undefined],
      [2, 1, undefined],
      [2, 2, 'HTTP_STATUS'],
      [3, 1, undefined],
      [3, 2, 'PAGE_LOOP'],
      [4, 1, 'INVALID_URL'],
    ]);
  });

  it('stops the others, and not the awaited task, when the window is full', async () => {
    const latch = createLatch();
    const filler = 'x'.repeat(13 * 1024 * 1024);
    await using server = await scriptedServer({
      '/first': async (request) => {
        await latch.opened;
        return upTo(3)(request);
      },
      '/endless': (request) => page({ filler, next: `?page=${Number(queryOf(request).get('page')) + 1}` }),
    });
    const run = start([`${server.url}/first`, `${server.url}/endless`], {
      next: '$.next',
      ordered: true,
      maxPages: 8,
      body: 'text',
    });
    const records = collect(run);
    await until(() => server.hits('/endless') === 5 && run.stats().inFlight === 1, { timeoutMs: 15_000 });
    latch.open();
    expect(places(await records)).toEqual(allPlaces([3, 8]));
    expect(run.summary().pages).toEqual({ total: 11, cutOff: 1 });
  });
});

describe('the pages of a task', () => {
  it('come one after the other while other tasks go on', async () => {
    const latch = createLatch();
    await using server = await scriptedServer({
      '/slow': async (request) => {
        if (queryOf(request).has('page')) {
          await latch.opened;
        }
        return upTo(3)(request);
      },
      '*': upTo(2),
    });
    const run = start([`${server.url}/slow`, ...paths(server.url, 20)], { next: '$.next', concurrency: 2 });
    const records = collect(run);
    await until(() => run.stats().finished === 20);
    expect([server.hits('/slow'), server.flights.now]).toEqual([2, 1]);
    latch.open();
    expect(places(await records).toSorted(byPlace)).toEqual(allPlaces([3, ...Array<number>(20).fill(2)]));
  });

  it('go before tasks that have not begun, on the same connection', async () => {
    await using server = await scriptedServer({ '*': upTo(3) });
    await fetchAll(paths(server.url, 3), { next: '$.next', concurrency: 1 });
    expect(server.received.map(({ target }) => target)).toEqual(
      [0, 1, 2].flatMap((task) => [`/${task}`, `/${task}?page=2`, `/${task}?page=3`]),
    );
    expect(server.sockets.total).toBe(1);
  });

  it('may be of several hosts', async () => {
    await using server = await scriptedServer({
      '*': (request) => {
        const number = Number(queryOf(request).get('page') ?? 0);
        return page({ next: number < 5 ? `${hosts[(number + 1) % 3]}/?page=${number + 1}` : null });
      },
    });
    const hosts = origins(server.port, 3);
    const options = { next: '$.next', concurrency: 1, resolver: toLoopback } as const;
    expect(places(await fetchAll([hosts[0]!, hosts[0]!], options))).toEqual(allPlaces([6, 6]));
  });

  it('have --task-timeout each', async () => {
    await using server = await scriptedServer({
      '/0': (request) => (queryOf(request).get('page') === '3' ? undefined : later(40, upTo(3)(request))),
    });
    const records = await fetchAll(paths(server.url, 1), { next: '$.next', taskTimeout: 400, timeout: 0 });
    expect(records.map(({ page, error }) => [page, error?.code])).toEqual([
      [1, undefined],
      [2, undefined],
      [3, 'TASK_TIMEOUT'],
    ]);
    expect(records[2]!.timing.total).toBeGreaterThanOrEqual(400); // and not what the first two left of it
  });

  it('that waits for a retry is what is reported when the run ends', async () => {
    await using server = await scriptedServer({
      '/0': (request) => (queryOf(request).has('page') ? { status: 503 } : upTo(2)(request)),
    });
    const run = start(paths(server.url, 1), {
      next: '$.next',
      retryDelay: '1h',
      retryMaxDelay: '1h',
      retryMaxTime: '2h',
    });
    const records = collect(run);
    await until(() => run.stats().retries === 1 && run.stats().inFlight === 0);
    run.drain();
    expect(await records).toMatchObject([
      { page: 1, ok: true, next: `${server.url}/0?page=2` },
      { page: 2, url: `${server.url}/0?page=2`, attempts: 1, error: { code: 'ABORTED' } },
    ]);
  });
});

async function later<T>(ms: number, value: T): Promise<T> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return value;
}

/** Pages whose bodies are so large that they are decompressed beside the event loop. */
function largeUpTo(last: number) {
  const filler = randomBytes(300_000).toString('base64');
  return (request: Received) => {
    const number = Number(queryOf(request).get('page') ?? 1);
    const body = JSON.stringify({ filler, next: number < last ? `?page=${number + 1}` : null });
    return {
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: gzipSync(body, { level: 1 }),
    };
  };
}

it('pages go on while the consumer is busy with the first', async () => {
  await using server = await scriptedServer({ '*': largeUpTo(3) });
  const found: unknown[] = [];
  for await (const { page } of start([server.url], { next: '$.next' })) {
    await until(() => server.received.length === 3);
    found.push(page);
  }
  expect(found).toEqual([1, 2, 3]);
});

describe('a run that is stopped', () => {
  /** Pages without end, of which the third is held back. */
  async function endless() {
    const latch = createLatch();
    const server = await scriptedServer({
      '*': async (request) => {
        if (queryOf(request).get('page') === '3') {
          await latch.opened;
        }
        return upTo(100)(request);
      },
    });
    return { server, latch };
  }

  it.each([true, false])(
    'ends after the pages in flight, which tell where to go on (ordered: %s)',
    async (ordered) => {
      const { server, latch } = await endless();
      await using _ = server;
      const run = start(paths(server.url, 5), { next: '$.next', ordered, concurrency: 2 });
      const records = collect(run);
      await until(() => server.flights.now === 2 && run.stats().inFlight === 2);
      run.drain();
      latch.open();
      expect((await records).map(({ page, url, next, ok }) => ({ page, next, ok, url }))).toEqual(
        expect.arrayContaining(
          [0, 1].map((task) => ({
            page: 3,
            ok: true,
            url: `${server.url}/${task}?page=3`,
            next: `${server.url}/${task}?page=4`,
          })),
        ),
      );
      expect(places(await records).toSorted(byPlace)).toEqual(allPlaces([3, 3]));
      expect(run.summary()).toMatchObject({
        interrupted: true,
        tasks: { total: 2, ok: 2, failed: 0 },
        pages: { total: 6, cutOff: 2 },
      });
      await until(() => server.sockets.open === 0);
    },
  );

  it('ends although the body of the last page is still to be decompressed', async () => {
    const latch = createLatch();
    await using server = await scriptedServer({
      '*': async (request) => {
        await latch.opened;
        return largeUpTo(3)(request);
      },
    });
    const run = start([server.url], { next: '$.next' });
    const records = collect(run);
    await until(() => server.flights.now === 1);
    run.drain();
    latch.open();
    expect(await records).toMatchObject([{ page: 1, ok: true, next: `${server.url}/?page=2` }]);
  });

  it('by its signal gives up the page in flight', async () => {
    const { server } = await endless();
    await using _ = server;
    const controller = new AbortController();
    const run = start(paths(server.url, 1), { next: '$.next', signal: controller.signal });
    const records: FetchRecord[] = [];
    const ended = (async () => {
      for await (const record of run) {
        records.push(record);
      }
    })();
    await until(() => server.hits('/0') === 3 && records.length === 2);
    controller.abort(new Error('enough'));
    await expect(ended).rejects.toThrow('enough');
    expect(records.map(({ page, error }) => [page, error?.code])).toEqual([
      [1, undefined],
      [2, undefined],
      [3, 'ABORTED'],
    ]);
  });
});
