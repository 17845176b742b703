import { describe, expect, it } from 'vitest';
import type { FetchRecord } from '../../../src/model/record.ts';
import {
  byConnection,
  forever,
  inTurn,
  informationalForever,
  onRequest,
  send,
  stall,
  stallAfter,
} from '../../servers/acts.ts';
import { head, whole } from '../../servers/answers.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { rawServer, type Act } from '../../servers/raw.ts';
import { scriptedServer } from '../../servers/scripted.ts';
import { until } from '../../servers/until.ts';
import { collect, fetchAll, fetchOne, start, type Settings } from './fetching.ts';

failOnLeaks();

const limitMs = 150;
/** How late a limit may be noticed: machines that run tests are busy. */
const graceMs = 250;

function expectTotal({ timing: { total } }: FetchRecord, atLeastMs: number): void {
  expect(total).toBeGreaterThanOrEqual(atLeastMs);
  expect(total).toBeLessThanOrEqual(atLeastMs + graceMs);
}

const openHead = 'HTTP/1.1 200 OK\r\nX-Endless: ';

describe('--timeout', () => {
  const missing = { request: ': no answer within', response: ': no whole answer within' };

  it.each<[string, Act, phase: keyof typeof missing]>([
    ['a silent server', stall(), 'request'],
    ['half a status line', onRequest(stallAfter('HTTP/1.1 2')), 'request'],
    ['a head that drips', onRequest(send(openHead), forever('x', 5)), 'request'],
    ['102 Processing again and again', onRequest(informationalForever(5)), 'request'],
    ['a head, then silence', onRequest(stallAfter(head(['Content-Length: 5']))), 'response'],
    ['half a body', onRequest(stallAfter(`${head(['Content-Length: 5'])}he`)), 'response'],
    [
      'a body that drips',
      onRequest(send(head(['Transfer-Encoding: chunked'])), forever('1\r\nx\r\n', 5)),
      'response',
    ],
  ])('ends %s', async (_, act, phase) => {
    await using server = await rawServer(act);
    const record = await fetchOne(server.url, { timeout: limitMs, retry: 0 });
    expect(record).toMatchObject({
      ok: false,
      attempts: 1,
      error: { kind: 'timeout', code: 'TOTAL_TIMEOUT' },
    });
    expect(record.error?.message).toContain(missing[phase]);
    expect(record.body).toBeUndefined();
    expectTotal(record, limitMs);
    await until(() => server.sockets.open === 0);
  });

  it('is new for each attempt, so that a retry after it succeeds', async () => {
    await using server = await rawServer(byConnection(stall(), stall(), onRequest(send(whole('late')))));
    const record = await fetchOne(server.url, { timeout: limitMs, retry: 2 });
    expect(record).toMatchObject({ ok: true, status: 200, bytes: 4, attempts: 3 });
    expect(record.timing.earlier).toBeGreaterThanOrEqual(2 * limitMs);
  });

  it('is new for each task of a connection', async () => {
    await using server = await scriptedServer({
      '*': async () => {
        await new Promise((resolve) => setTimeout(resolve, limitMs / 3));
        return {};
      },
    });
    const urls = Array.from({ length: 5 }, (_, at) => `${server.url}/${at}`);
    const records = await fetchAll(urls, { timeout: limitMs, concurrency: 1, retry: 0 });
    expect(records.filter(({ ok }) => ok)).toHaveLength(5);
    expect(server.sockets.total).toBe(1);
  });

  it('lets other tasks alone', async () => {
    await using silent = await rawServer(stall());
    await using server = await scriptedServer({ '*': {} });
    const urls = Array.from({ length: 20 }, (_, at) => `${(at % 5 === 0 ? silent : server).url}/${at}`);
    const records = await fetchAll(urls, { timeout: limitMs, concurrency: 5, retry: 0 });
    expect(records.map(({ ok }) => ok)).toEqual(urls.map((url) => url.startsWith(server.url)));
  });
});

describe('while connecting', () => {
  const silentResolver: Settings['resolver'] = () => {};

  it.each<[string, Settings, code: string]>([
    ['--timeout', { timeout: limitMs }, 'TOTAL_TIMEOUT'],
    ['--connect-timeout', { connectTimeout: limitMs }, 'CONNECT_TIMEOUT'],
    ['the shorter of both', { connectTimeout: limitMs, timeout: limitMs + 1_000 }, 'CONNECT_TIMEOUT'],
    ['--task-timeout', { taskTimeout: limitMs }, 'TASK_TIMEOUT'],
  ])('%s ends a DNS lookup and a TLS handshake', async (_, settings, code) => {
    await using server = await rawServer(stall());
    const lookedUp = await fetchOne('http://silent.test/', {
      ...settings,
      retry: 0,
      resolver: silentResolver,
    });
    const https = server.url.replace('http', 'https');
    await fetchOne(https, { ...settings, retry: 0 }); // loads what TLS needs, which holds a busy machine for long
    const secured = await fetchOne(https, { ...settings, retry: 0 });
    for (const record of [lookedUp, secured]) {
      expect(record).toMatchObject({ ok: false, attempts: 1, error: { kind: 'timeout', code } });
      expectTotal(record, limitMs);
    }
    if (code !== 'TASK_TIMEOUT') {
      expect(lookedUp.error?.message).toContain(': no address within');
      expect(secured.error?.message).toContain(': no TLS handshake within');
    }
    await until(() => server.sockets.open === 0);
  });

  it('a retry after --connect-timeout succeeds', async () => {
    await using server = await scriptedServer({ '*': {} });
    let lookups = 0;
    const record = await fetchOne(`http://slow.test:${server.port}/`, {
      connectTimeout: limitMs,
      retry: 1,
      resolver: (_hostname, _family, done) => {
        // The first answer comes after the limit, when nobody waits for it any more.
        setTimeout(done, lookups++ === 0 ? limitMs + 50 : 0, null, [{ address: '127.0.0.1', family: 4 }]);
      },
    });
    expect(record).toMatchObject({ ok: true, attempts: 2 });
  });

  it('--connect-timeout is over when the connection is there', async () => {
    await using server = await rawServer(
      onRequest(() => new Promise((resolve) => setTimeout(resolve, limitMs + 50)), send(whole())),
    );
    const urls = [`${server.url}/0`, `${server.url}/1`];
    const records = await fetchAll(urls, { connectTimeout: limitMs, concurrency: 1, retry: 0 });
    expect(records.map(({ ok }) => ok)).toEqual([true, true]);
  });
});

describe('--task-timeout', () => {
  it('ends a task over several attempts', async () => {
    await using server = await rawServer(stall());
    const record = await fetchOne(server.url, { timeout: 60, taskTimeout: 2 * limitMs, retry: 100 });
    expect(record).toMatchObject({ ok: false, error: { kind: 'timeout', code: 'TASK_TIMEOUT' } });
    expect(record.attempts).toBeGreaterThan(2);
    expectTotal(record, 2 * limitMs - 5); // it may end while it waits, by a timer of Node
  });

  it.each<[string, Settings]>([
    ['its delay', { retryDelay: '1h', retryMaxDelay: '1h', retryMaxTime: '2h' }],
    ['a rate', { perHostRate: 1, retryDelay: 0 }],
  ])('ends a task that waits for %s before a retry', async (_, settings) => {
    await using server = await scriptedServer({ '*': { status: 503 } });
    const record = await fetchOne(server.url, { taskTimeout: limitMs, ...settings });
    expect(record).toMatchObject({ ok: false, attempts: 1, error: { code: 'TASK_TIMEOUT' } });
    expectTotal(record, limitMs - 5); // as a timer of Node counts, from the start of the turn
    expect(server.hits('/')).toBe(1);
  });

  it('ends a task for good', async () => {
    await using server = await rawServer(stall());
    const run = start([server.url], { taskTimeout: limitMs, retryDelay: 0, retry: 3 });
    expect(await collect(run)).toMatchObject([{ ok: false, attempts: 1, error: { code: 'TASK_TIMEOUT' } }]);
    expect(run.stats()).toMatchObject({ requests: 1, retries: 0 });
  });

  it('does not count the wait for the first attempt', async () => {
    await using server = await scriptedServer({
      '*': async () => {
        await new Promise((resolve) => setTimeout(resolve, limitMs / 2));
        return {};
      },
    });
    const urls = Array.from({ length: 4 }, (_, at) => `${server.url}/${at}`);
    const records = await fetchAll(urls, { taskTimeout: limitMs, concurrency: 1 });
    expect(records.filter(({ ok }) => ok)).toHaveLength(4);
  });

  it('counts the hops of a redirect as one task', async () => {
    await using server = await rawServer(
      onRequest(
        inTurn(
          () => new Promise((resolve) => setTimeout(resolve, limitMs / 3)),
          send(whole('', ['Location: /again']).replace('200 OK', '302 Found')),
        ),
      ),
    );
    const record = await fetchOne(server.url, { taskTimeout: limitMs });
    expect(record).toMatchObject({ ok: false, attempts: 1, error: { code: 'TASK_TIMEOUT' } });
    expectTotal(record, limitMs);
  });
});
