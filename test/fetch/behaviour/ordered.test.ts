import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createLatch } from '../../servers/latch.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { scriptedServer } from '../../servers/scripted.ts';
import { until } from '../../servers/until.ts';
import { collect, paths, start } from './fetching.ts';
import { origins, toLoopback } from './names.ts';

failOnLeaks();

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);
const indexes = (records: readonly { index: number }[]) => records.map(({ index }) => index);

describe('--ordered gives records in input order', () => {
  it('however long each takes, and without it in order of completion', async () => {
    let state = 1;
    await using server = await scriptedServer({
      '*': async () => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        await new Promise((resolve) => setTimeout(resolve, state % 20));
        return {};
      },
    });
    const urls = paths(server.url, 300);
    expect(indexes(await collect(start(urls, { ordered: true })))).toEqual(upTo(300));
    const unordered = indexes(await collect(start(urls)));
    expect(unordered).not.toEqual(upTo(300));
    expect(unordered.toSorted((a, b) => a - b)).toEqual(upTo(300));
  });

  it('with retries, redirects, failures and invalid input among them', async () => {
    await using server = await scriptedServer({
      '/retry': (_request, _response, hit) => ({ status: hit % 3 === 0 ? 200 : 503 }),
      '/redirect': { status: 302, headers: { location: '/there' } },
      '/there': {},
      '/gone': { status: 404 },
    });
    const kinds = [`${server.url}/retry`, `${server.url}/redirect`, 'nonsense', `${server.url}/gone`];
    const urls = upTo(80).map((at) => kinds[at % kinds.length]!);
    const records = await collect(
      start(urls, { ordered: true, concurrency: 4, retry: 50, retryMaxDelay: 10 }),
    );
    expect(indexes(records)).toEqual(upTo(80));
    expect(records.map(({ ok }) => ok)).toEqual(upTo(80).map((at) => at % 4 < 2));
  });
});

describe('a slow first task', () => {
  it('lets the others go on to the end of the window, but no further', async () => {
    const latch = createLatch();
    await using server = await scriptedServer({ '/0': () => latch.opened.then(() => ({})), '*': {} });
    let pulled = 0;
    const oneByOne = (async function* () {
      for (; pulled < 100; pulled++) {
        yield `${server.url}/${pulled}`;
        await turn();
        await turn(); // so that each comes in a batch of its own
      }
    })();
    const run = start(oneByOne, { ordered: true, queueSize: 5, concurrency: 50 });
    const records = collect(run);
    await until(() => run.stats().finished === run.stats().read - 1 && run.stats().finished >= 9);
    expect(run.stats().sourceEnded).toBe(false);
    expect(pulled).toBeLessThanOrEqual(2 * 5 + 3);
    latch.open();
    expect(indexes(await records)).toEqual(upTo(100));
  });

  const megabytes = (count: number) => Buffer.alloc(count * 1024 * 1024);

  it('that is retried goes on although the window is full', async () => {
    const latch = createLatch();
    await using server = await scriptedServer({
      '/first': (_request, _response, hit) => (hit > 1 ? {} : latch.opened.then(() => ({ status: 503 }))),
      '/large': { body: megabytes(13) },
    });
    const urls = [`${server.url}/first`, ...Array<string>(8).fill(`${server.url}/large`)];
    const run = start(urls, { ordered: true, concurrency: 2, body: 'base64' });
    const records = collect(run);
    await until(() => run.stats().finished >= 5);
    latch.open();
    expect(indexes(await records)).toEqual(upTo(9));
  });

  it('that a later task overtakes on its way to the same host goes on although the window is full', async () => {
    const [first, second, blocked] = [createLatch(), createLatch(), createLatch()];
    await using server = await scriptedServer({
      '/busy': () => blocked.opened.then(() => ({})),
      '/0': () => first.opened.then(() => ({ status: 302, headers: { location: `${target}/there` } })),
      '/1': () => second.opened.then(() => ({ status: 302, headers: { location: `${target}/there` } })),
      '/there': {},
      '/large': { body: megabytes(13) },
    });
    const [a = '', b = '', c = '', target = ''] = origins(server.port, 4);
    const urls = [`${a}/0`, `${b}/1`, `${target}/busy`, ...Array<string>(7).fill(`${c}/large`)];
    const run = start(urls, { ordered: true, perHost: 1, body: 'base64', resolver: toLoopback });
    const records = collect(run);
    // The window is full, the target has no room, and the two come to it, the first one first.
    await until(() => run.stats().finished >= 5);
    first.open();
    await until(() => run.stats().inFlight === 2);
    second.open();
    await until(() => run.stats().inFlight === 1);
    blocked.open();
    expect(indexes(await records)).toEqual(upTo(10));
  });
});
