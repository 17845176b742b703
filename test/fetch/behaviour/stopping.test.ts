import { describe, expect, it } from 'vitest';
import { resolveOptions } from '../../../src/model/options/options.ts';
import type { FetchRecord } from '../../../src/model/record.ts';
import { buildRequest } from '../../../src/model/request.ts';
import { createTask } from '../../../src/model/task.ts';
import { BulkFetch } from '../../../src/run.ts';
import { stall } from '../../servers/acts.ts';
import { createLatch } from '../../servers/latch.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { rawServer } from '../../servers/raw.ts';
import { scriptedServer } from '../../servers/scripted.ts';
import { until } from '../../servers/until.ts';
import { collect, paths, start } from './fetching.ts';
import { toLoopback } from './names.ts';

failOnLeaks();

const never = new Promise<never>(() => {});
const stop = new Error('stopped by the test');

/** The records until the iteration ends or throws, and what it threw. */
async function outcome(run: AsyncIterable<FetchRecord>) {
  const records: FetchRecord[] = [];
  try {
    for await (const record of run) {
      records.push(record);
    }
    return { records };
  } catch (error) {
    return { records, error };
  }
}

/** Answers the first `free` requests, and the others when the latch is opened. */
async function holdingAfter(free: number) {
  const latch = createLatch();
  let requests = 0;
  const server = await scriptedServer({
    '*': () => (requests++ < free ? {} : latch.opened.then(() => ({}))),
  });
  return { server, latch };
}

describe('drain', () => {
  it.each([false, true])('lets what is in flight end, and starts nothing (ordered: %s)', async (ordered) => {
    const { server, latch } = await holdingAfter(6);
    await using _ = server;
    const run = start(paths(server.url, 100), { concurrency: 4, ordered });
    const records = collect(run);
    await until(() => server.flights.now === 4 && run.stats().finished === 6);
    run.drain();
    latch.open();
    expect((await records).map(({ ok, index }) => [ok, index])).toHaveLength(10);
    expect(server.received).toHaveLength(10);
    expect(run.summary().interrupted).toBe(true);
    await until(() => server.sockets.open === 0);
  });

  it('ends tasks that wait for a retry as aborted', async () => {
    await using server = await scriptedServer({ '*': { status: 503 } });
    const run = start(paths(server.url, 3), { retryDelay: '1h', retryMaxDelay: '1h', retryMaxTime: '2h' });
    const records = collect(run);
    await until(() => run.stats().retries === 3 && run.stats().inFlight === 0);
    run.drain();
    const aborted = { ok: false, attempts: 1, error: { kind: 'aborted', code: 'ABORTED' } };
    expect(await records).toMatchObject([aborted, aborted, aborted]);
  });

  it('drops what waits for a host that has paused', async () => {
    await using server = await scriptedServer({ '*': { status: 429, headers: { 'retry-after': '3600' } } });
    const run = start(paths(server.url, 3), { concurrency: 1, retryMaxTime: '2h' });
    const records = collect(run);
    await until(() => run.stats().retries === 1 && run.stats().inFlight === 0);
    run.drain();
    expect(await records).toMatchObject([{ index: 0, attempts: 1, error: { code: 'ABORTED' } }]);
  });

  it('does not wait for a source that gives nothing', async () => {
    await using server = await scriptedServer({ '*': {} });
    const run = start(
      (async function* () {
        yield `${server.url}/0`;
        await never;
      })(),
    );
    const records = collect(run);
    await until(() => run.stats().finished === 1);
    run.drain();
    expect(await records).toHaveLength(1);
  });
});

describe('an aborted signal', () => {
  it('gives up what is in flight, closes the sockets, and is what the iteration throws', async () => {
    const { server } = await holdingAfter(6);
    await using _ = server;
    const controller = new AbortController();
    const run = start(paths(server.url, 100), { concurrency: 4, signal: controller.signal });
    const ended = outcome(run);
    await until(() => server.flights.now === 4 && run.stats().finished === 6);
    controller.abort(stop);
    const { records, error } = await ended;
    expect(error).toBe(stop);
    expect(records.map((record) => record.error?.code)).toEqual([
      ...Array.from({ length: 6 }, () => undefined),
      ...Array.from({ length: 4 }, () => 'ABORTED'),
    ]);
    expect(server.received).toHaveLength(10);
    await until(() => server.sockets.open === 0);
  });

  it('before the start throws at once, without a request', async () => {
    await using server = await scriptedServer({ '*': {} });
    const { records, error } = await outcome(start([server.url], { signal: AbortSignal.abort(stop) }));
    expect([records, error]).toEqual([[], stop]);
    expect(server.sockets.total).toBe(0);
  });

  it.each([
    ['a name is looked up', 'http://silent.test/', () => true],
    ['a TLS handshake goes on', 'https', (sockets: { open: number }) => sockets.open === 1],
    ['an answer is awaited', 'http', (sockets: { open: number }) => sockets.open === 1],
  ])('ends the run while %s', async (_, url, isUnderWay) => {
    await using server = await rawServer(stall());
    const controller = new AbortController();
    const run = start([url.includes(':') ? url : server.url.replace('http', url)], {
      signal: controller.signal,
      resolver: () => {},
      timeout: '1h',
      connectTimeout: '1h',
    });
    const ended = outcome(run);
    await until(() => run.stats().inFlight === 1 && isUnderWay(server.sockets));
    controller.abort(stop);
    const { records, error } = await ended;
    expect(error).toBe(stop);
    expect(records).toMatchObject([{ ok: false, error: { kind: 'aborted', code: 'ABORTED' } }]);
    await until(() => server.sockets.open === 0);
  });

  it('ends the run while the source gives nothing', async () => {
    const controller = new AbortController();
    let isAsked = false;
    let isClosed = false;
    const source = (async function* () {
      try {
        isAsked = true;
        await never;
        yield 'http://127.0.0.1/';
      } finally {
        isClosed = true;
      }
    })();
    const ended = outcome(start(source, { signal: controller.signal }));
    await until(() => isAsked);
    controller.abort(stop);
    expect(await ended).toEqual({ records: [], error: stop });
    expect(isClosed).toBe(false); // a generator that waits cannot be closed, and is not waited for
  });
});

describe('while a task waits for the connection of another host to close', () => {
  /** Tasks of three hosts for one lane. Stops when the third has been admitted and its place is not free yet. */
  function run(port: number, settings: { signal?: AbortSignal; stopIt: () => void; proceed: Promise<void> }) {
    const options = resolveOptions({ concurrency: 1, queueSize: 1, timeout: '1h' });
    const request = buildRequest(options);
    const task = (index: number) =>
      createTask(index, `${index}`, `http://host${index}.test:${port}/`, request);
    const source = (async function* () {
      yield [task(0)];
      await settings.proceed;
      yield [task(1)];
      yield [task(2)];
      settings.stopIt();
      await never;
    })();
    return new BulkFetch(source, options, { signal: settings.signal, resolver: toLoopback });
  }

  it('abort starts nothing', async () => {
    const { server } = await holdingAfter(2);
    await using _ = server;
    const controller = new AbortController();
    const stopIt = () => controller.abort(stop);
    const ended = outcome(
      run(server.port, { signal: controller.signal, stopIt, proceed: Promise.resolve() }),
    );
    expect((await ended).error).toBe(stop);
    expect((await ended).records.map(({ index, ok }) => [index, ok])).toEqual([
      [0, true],
      [1, true],
    ]);
    expect(server.received).toHaveLength(2);
  });

  it('drain starts nothing', async () => {
    const { server } = await holdingAfter(2);
    await using _ = server;
    const draining = run(server.port, { stopIt: () => draining.drain(), proceed: Promise.resolve() });
    expect(await collect(draining)).toHaveLength(2);
    expect(server.received).toHaveLength(2);
  });

  it('a consumer that goes away gets away', async () => {
    const { server } = await holdingAfter(2);
    await using _ = server;
    const [proceed, stopped] = [createLatch(), createLatch()];
    const leaving = run(server.port, { stopIt: () => stopped.open(), proceed: proceed.opened });
    for await (const { ok } of leaving) {
      expect(ok).toBe(true);
      proceed.open();
      await stopped.opened;
      break;
    }
    expect(server.received).toHaveLength(2);
    await until(() => server.sockets.open === 0);
  });
});

it('a consumer that goes away closes the source and the sockets', async () => {
  const { server } = await holdingAfter(10);
  await using _ = server;
  let isClosed = false;
  const source = (function* () {
    try {
      for (let at = 0; ; at++) {
        yield `${server.url}/${at}`;
      }
    } finally {
      isClosed = true;
    }
  })();
  for await (const { ok } of start(source, { concurrency: 4, queueSize: 100 })) {
    expect(ok).toBe(true);
    break;
  }
  expect(isClosed).toBe(true);
  await until(() => server.sockets.open === 0);
  expect(server.received.length).toBeLessThanOrEqual(14);
});
