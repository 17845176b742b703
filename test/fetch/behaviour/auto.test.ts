import { describe, expect, it } from 'vitest';
import { failOnLeaks } from '../../servers/leaks.ts';
import { scriptedServer, type ScriptedRoutes } from '../../servers/scripted.ts';
import { collect, fetchAll, paths, start, type Settings } from './fetching.ts';
import { origins, toLoopback } from './names.ts';

failOnLeaks();

const auto: Settings = { concurrency: 'auto' };

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const slow: ScriptedRoutes = {
  '*': async () => {
    await after(10);
    return {};
  },
};

describe('--concurrency auto', () => {
  it('begins with ten, finds that more is better, and tells what it came to', async () => {
    await using server = await scriptedServer(slow);
    const run = start(paths(server.url, 600), auto);
    expect((await collect(run)).filter(({ ok }) => ok)).toHaveLength(600);
    expect(server.flights.peak).toBeGreaterThan(10);
    expect(run.summary().concurrency).toEqual({
      mode: 'auto',
      hosts: [{ host: server.url, limit: expect.any(Number), most: expect.any(Number), requests: 600 }],
    });
    expect(run.summary().comparison).not.toHaveProperty('idealMs');
  });

  it.each([1, 4])('keeps to --per-host %i', async (perHost) => {
    await using server = await scriptedServer(slow);
    await fetchAll(paths(server.url, 40), { ...auto, perHost });
    expect(server.flights.peak).toBe(perHost);
  });

  it('has a limit for each host', async () => {
    await using server = await scriptedServer(slow);
    const tasks = origins(server.port, 3).flatMap((origin) => paths(origin, 40));
    const run = start(tasks, { ...auto, resolver: toLoopback });
    await collect(run);
    expect(run.summary().concurrency).toMatchObject({ hosts: [{ requests: 40 }, { requests: 40 }, {}] });
    expect(server.flights.peak).toBeGreaterThan(10);
  });

  it('keeps what it learnt of a host that it had nothing to do with for a while', async () => {
    await using server = await scriptedServer({
      '*': (_request, _response, hit) => (hit === 1 ? { status: 429, headers: { connection: 'close' } } : {}),
    });
    const run = start([`${server.url}/a`], { ...auto, retry: 0 });
    await collect(run);
    expect(run.summary().concurrency).toMatchObject({ hosts: [{ host: server.url, requests: 1 }] });
  });

  it('cuts the limit when the server is overloaded', async () => {
    await using server = await scriptedServer({ '*': { status: 503 } });
    const run = start(paths(server.url, 60), { ...auto, retry: 0 });
    await collect(run);
    expect(run.summary().concurrency).toMatchObject({ hosts: [{ limit: 1 }] });
  });

  it('learns a rate from 429, so that few are refused', async () => {
    let [tokens, last] = [20, performance.now()];
    await using server = await scriptedServer({
      '*': () => {
        const now = performance.now();
        tokens = Math.min(20, tokens + (now - last) * 0.2);
        last = now;
        tokens -= tokens >= 1 ? 1 : 0;
        return tokens >= 1 ? {} : { status: 429 };
      },
    });
    const run = start(paths(server.url, 240), { ...auto, retry: 20, retryDelay: 100 });
    expect((await collect(run)).every(({ ok }) => ok)).toBe(true);
    expect(run.summary().concurrency).toMatchObject({ hosts: [{ rate: expect.any(Number) }] });
    expect(run.summary().retries).toBeLessThan(100);
  });

  it.each([
    ['RateLimit-Remaining', 'RateLimit-Reset'],
    ['X-RateLimit-Remaining', 'X-RateLimit-Reset'],
  ])('waits for the reset when %s is 0, before anything is refused', async (remaining, reset) => {
    await using server = await scriptedServer({
      '*': () => ({ headers: { [remaining]: '0', [reset]: '0.3' } }),
    });
    const records = await fetchAll(paths(server.url, 11), auto);
    const starts = records.map(({ startedAt }) => startedAt).toSorted((a, b) => a - b);
    expect(starts[10]! - starts[9]!).toBeGreaterThanOrEqual(250);
  });
});
