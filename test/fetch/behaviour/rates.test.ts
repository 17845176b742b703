import { monitorEventLoopDelay } from 'node:perf_hooks';
import { beforeEach, describe, expect, it } from 'vitest';
import { failOnLeaks } from '../../servers/leaks.ts';
import { scriptedServer } from '../../servers/scripted.ts';
import { fetchAll, paths } from './fetching.ts';
import { origins, toLoopback } from './names.ts';

failOnLeaks();

const loopDelay = monitorEventLoopDelay({ resolution: 1 });
loopDelay.enable();
beforeEach(() => loopDelay.reset());

/**
 * The one start that is always allowed, the 10 ms that `Pace` may make up for when a timer is late, and the
 * time by which a start may follow its permit: 5 ms, while a connection is set up or another one closed, and
 * as long as the machine held this process still.
 */
function burst(ratePerSecond: number): number {
  const heldMs = loopDelay.max / 1e6;
  return 1 + ((10 + 5 + heldMs) / 1000) * ratePerSecond;
}

/** The most by which any window between two of these times (milliseconds) exceeds the rate. */
function worstExcess(times: readonly number[], ratePerSecond: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  let worst = -Infinity;
  for (const [first, from] of sorted.entries()) {
    for (const [at, to] of sorted.slice(first).entries()) {
      worst = Math.max(worst, at + 1 - (ratePerSecond / 1000) * (to - from));
    }
  }
  return worst;
}

async function timedServer() {
  const arrivals: { host: string; at: number }[] = [];
  const server = await scriptedServer({
    '*': ({ headers }) => {
      arrivals.push({ host: headers.host!, at: performance.now() });
      return {};
    },
  });
  return { arrivals, server };
}

describe('starts never exceed', () => {
  it.each([100, 1_000])('--rate %i/s in any window', async (rate) => {
    const { arrivals, server } = await timedServer();
    await using _ = server;
    const began = performance.now();
    const records = await fetchAll(paths(server.url, rate * 0.4), { rate });
    const starts = records.map(({ startedAt }) => startedAt);
    expect(worstExcess(starts, rate)).toBeLessThanOrEqual(burst(rate));
    for (const [before, { at }] of arrivals.entries()) {
      expect(before + 1).toBeLessThanOrEqual(burst(rate) + (rate / 1000) * (at - began));
    }
  });

  it('--rate when every start takes the place of an idle connection', async () => {
    const { server } = await timedServer();
    await using _ = server;
    const urls = origins(server.port, 40).map((origin) => `${origin}/`);
    const records = await fetchAll(urls, { rate: 200, concurrency: 10, resolver: toLoopback });
    const starts = records.map(({ startedAt }) => startedAt);
    expect(worstExcess(starts, 200)).toBeLessThanOrEqual(burst(200));
  });

  it('--per-host-rate, while other hosts go on', async () => {
    const { server } = await timedServer();
    await using _ = server;
    const hosts = origins(server.port, 4);
    const urls = hosts.flatMap((origin) => paths(origin, 20));
    const records = await fetchAll(urls, { perHostRate: 100, resolver: toLoopback });
    for (const origin of hosts) {
      const starts = records.filter(({ url }) => url.startsWith(origin)).map(({ startedAt }) => startedAt);
      expect(starts).toHaveLength(20);
      expect(worstExcess(starts, 100)).toBeLessThanOrEqual(burst(100));
    }
    const all = records.map(({ startedAt }) => startedAt);
    expect(worstExcess(all, 100)).toBeGreaterThan(burst(100) + 1);
  });

  it('--rate with retries and redirects', async () => {
    const rate = 100;
    const times: number[] = [];
    await using server = await scriptedServer({
      '/from': () => {
        times.push(performance.now());
        return { status: 302, headers: { location: '/to' } };
      },
      '/to': (_request, _response, hit) => {
        times.push(performance.now());
        return { status: hit <= 10 ? 503 : 200 };
      },
    });
    const began = performance.now();
    await fetchAll(Array<string>(10).fill(`${server.url}/from`), { rate, retry: 20 });
    expect(times).toHaveLength(40);
    for (const [before, at] of times.entries()) {
      expect(before + 1).toBeLessThanOrEqual(burst(rate) + (rate / 1000) * (at - began));
    }
  });
});
