import { describe, expect, it } from 'vitest';
import { createLatch } from '../../servers/latch.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { scriptedServer } from '../../servers/scripted.ts';
import { until } from '../../servers/until.ts';
import { collect, paths, start, type Settings } from './fetching.ts';
import { origins, toLoopback } from './names.ts';

failOnLeaks();

/** Holds all answers back until it is opened, then answers late enough for requests to overlap. */
async function holdingServer(host = '127.0.0.1') {
  const latch = createLatch();
  const server = await scriptedServer(
    {
      '*': async () => {
        await latch.opened;
        await new Promise((resolve) => setTimeout(resolve, 2));
        return {};
      },
    },
    { host },
  );
  return { server, open: () => latch.open() };
}

/** Several things that are put away together; Node 22 has no AsyncDisposableStack. */
function all(things: readonly AsyncDisposable[]): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(things.map((thing) => thing[Symbol.asyncDispose]()));
    },
  };
}

describe('in flight at once are as many as the limits allow, and never more', () => {
  it.each<[hosts: number, limits: Settings, most: number, mostAHost: number]>([
    [1, { concurrency: 1 }, 1, 1],
    [1, { concurrency: 7 }, 7, 7],
    [5, { concurrency: 7 }, 7, 7],
    [1, { perHost: 3 }, 3, 3],
    [5, { perHost: 3 }, 15, 3],
    [5, { perHost: 3, concurrency: 10 }, 10, 3],
    [2, { perHost: 3, concurrency: 10 }, 6, 3],
    [30, { perHost: 1, concurrency: 4 }, 4, 1],
  ])('%i hosts, %o', async (hosts, limits, most, mostAHost) => {
    const { server, open } = await holdingServer();
    await using _ = server;
    const tasks = origins(server.port, hosts).flatMap((origin) => paths(origin, 120 / hosts));
    const run = start(tasks, { resolver: toLoopback, ...limits });
    const records = collect(run);
    await until(() => server.flights.now === most);
    expect(run.stats().inFlight).toBe(most);
    open();
    expect((await records).filter(({ ok }) => ok)).toHaveLength(120);
    expect(server.flights.peak).toBe(most);
    expect(Math.max(...server.flights.peaks.values())).toBeLessThanOrEqual(mostAHost);
  });

  it('counts addresses and ports as hosts of their own', async () => {
    const held = await Promise.all(
      ['127.0.0.2', '127.0.0.3', '127.0.0.3'].map((host) => holdingServer(host)),
    );
    await using _ = all(held.map(({ server }) => server));
    const run = collect(
      start(
        held.flatMap(({ server }) => paths(server.url, 20)),
        { perHost: 2 },
      ),
    );
    await until(() => held.every(({ server }) => server.flights.now === 2));
    for (const { open } of held) {
      open();
    }
    await run;
    expect(held.map(({ server }) => server.flights.peak)).toEqual([2, 2, 2]);
  });

  it('counts retries too', async () => {
    await using failing = await scriptedServer({
      '*': async (_request, _response, hit) => {
        await new Promise((resolve) => setTimeout(resolve, 2));
        return { status: hit < 3 ? 503 : 200 };
      },
    });
    const records = await collect(start(paths(failing.url, 40), { concurrency: 6, perHost: 4 }));
    expect(records.every(({ ok, attempts }) => ok && attempts === 3)).toBe(true);
    expect(failing.flights.peak).toBeLessThanOrEqual(4);
  });
});
