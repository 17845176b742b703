import { describe, expect, it } from 'vitest';
import type { FetchRecord } from '../../../src/model/record.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { scriptedServer, type ScriptedRoute } from '../../servers/scripted.ts';
import { fetchAll, fetchOne, paths } from './fetching.ts';

failOnLeaks();

/** Fails with the status `times` times, then succeeds. */
const failing =
  (status: number, times: number): ScriptedRoute =>
  (_request, _response, hit) => ({ status: hit > times ? 200 : status, body: `answer ${hit}` });

describe('statuses', () => {
  it.each([408, 425, 429, 500, 502, 503, 504])('%i is retried', async (status) => {
    await using server = await scriptedServer({ '*': failing(status, 2) });
    const record = await fetchOne(`${server.url}/a`);
    expect(record).toMatchObject({ ok: true, status: 200, attempts: 3, body: 'answer 3' });
    expect(record.timing.earlier).toBeGreaterThan(0);
    expect(server.sockets.total).toBe(1);
  });

  it.each([400, 401, 404, 410, 418, 501, 505])('%i is not retried, and keeps its body', async (status) => {
    await using server = await scriptedServer({ '*': failing(status, 2) });
    expect(await fetchOne(`${server.url}/a`)).toMatchObject({
      ok: false,
      status,
      attempts: 1,
      body: 'answer 1',
      error: { kind: 'status', code: 'HTTP_STATUS' },
    });
    expect(server.hits('/a')).toBe(1);
  });

  it('only those of --retry-on are retried', async () => {
    await using server = await scriptedServer({ '/a': failing(404, 1), '/b': failing(503, 1) });
    const records = await fetchAll([`${server.url}/a`, `${server.url}/b`], { retryOn: '404' });
    expect(records.map(({ ok, attempts }) => [ok, attempts])).toEqual([
      [true, 2],
      [false, 1],
    ]);
  });
});

describe('an end to retries', () => {
  it.each([0, 1, 3])('with --retry %i, which keeps the status and body of the last answer', async (retry) => {
    await using server = await scriptedServer({ '*': failing(500, 100) });
    expect(await fetchOne(`${server.url}/a`, { retry })).toMatchObject({
      ok: false,
      status: 500,
      attempts: retry + 1,
      body: `answer ${retry + 1}`,
      bytes: 8,
      error: { code: 'HTTP_STATUS' },
    });
    expect(server.hits('/a')).toBe(retry + 1);
  });

  it('with --retry-max-time', async () => {
    await using server = await scriptedServer({ '*': failing(500, 10_000) });
    const record = await fetchOne(server.url, { retry: 10_000, retryMaxDelay: 5, retryMaxTime: 100 });
    expect(record).toMatchObject({ ok: false, status: 500 });
    expect(record.attempts).toBeGreaterThan(2);
    expect(record.timing.earlier).toBeLessThanOrEqual(100 + 250);
  });

  it('with --retry-budget, a share of all requests and ten', async () => {
    await using server = await scriptedServer({ '*': { status: 503 } });
    const records = await fetchAll(paths(server.url, 100), { retryBudget: '20%' });
    const requests = server.received.length;
    expect(requests - 100).toBeLessThanOrEqual(Math.ceil(10 + 0.2 * requests));
    expect(requests).toBeGreaterThan(130);
    expect(sumOfAttempts(records)).toBe(requests);
  });

  it('without a budget comes by --retry alone', async () => {
    await using server = await scriptedServer({ '*': { status: 503 } });
    const records = await fetchAll(paths(server.url, 100));
    expect(sumOfAttempts(records)).toBe(400);
  });
});

describe('a task that waits for its retry', () => {
  it('holds no lane', async () => {
    await using server = await scriptedServer({ '/0': failing(503, 1), '*': {} });
    const records = await fetchAll(paths(server.url, 4), { concurrency: 1, retryDelay: 300 });
    expect(records.map(({ ok, attempts }) => [ok, attempts])).toEqual([
      [true, 2],
      [true, 1],
      [true, 1],
      [true, 1],
    ]);
    expect(server.received.map(({ target }) => target)).toEqual(['/0', '/1', '/2', '/3', '/0']);
  });

  it('goes before those that have not begun', async () => {
    await using server = await scriptedServer({ '/0': failing(503, 1), '*': {} });
    await fetchAll(paths(server.url, 200), { concurrency: 1, retryDelay: 0 });
    const again = server.received.map(({ target }) => target).lastIndexOf('/0');
    expect(again).toBeGreaterThan(0);
    expect(again).toBeLessThan(100);
  });

  it('waits longer each time', async () => {
    const arrivals: number[] = [];
    await using server = await scriptedServer({
      '*': () => {
        arrivals.push(performance.now());
        return { status: 503 };
      },
    });
    await fetchOne(server.url, { retryDelay: 20, retryFactor: 3, random: () => 0.5 });
    const waits = arrivals.slice(1).map((at, before) => at - arrivals[before]!);
    for (const [retry, waited] of waits.entries()) {
      expect(waited).toBeGreaterThanOrEqual(20 * 3 ** retry - 5);
    }
    expect(waits).toHaveLength(3);
  });
});

function sumOfAttempts(records: readonly FetchRecord[]): number {
  return records.reduce((sum, { attempts }) => sum + attempts, 0);
}
