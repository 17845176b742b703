import { describe, expect, it } from 'vitest';
import { createLatch } from '../../servers/latch.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { scriptedServer } from '../../servers/scripted.ts';
import { collect, fetchAll, paths, start, type Settings } from './fetching.ts';
import { origins, toLoopback } from './names.ts';

failOnLeaks();

const broken = { status: 500 };

describe('--breaker', () => {
  it('pauses a host that fails, sends one probe, and goes on when that succeeds', async () => {
    const times: number[] = [];
    await using server = await scriptedServer({
      '*': () => {
        times.push(performance.now());
        return times.length <= 10 ? broken : {};
      },
    });
    const run = start(paths(server.url, 60), { breaker: '50%/500ms', concurrency: 10 });
    expect((await collect(run)).filter(({ ok }) => ok)).toHaveLength(60);
    const gaps = times.slice(1).map((time, at) => time - times[at]!);
    const pause = gaps.findIndex((gap) => gap > 300);
    expect(pause).toBeGreaterThanOrEqual(9); // nothing came in it
    expect(run.summary()).toMatchObject({
      tripped: [{ host: server.url, pauses: 1, isDown: false }],
      paced: true,
    });
  });

  it('sends no two requests at once while it probes', async () => {
    let inFlight = 0;
    const atOnce: number[] = [];
    await using server = await scriptedServer({
      '*': async () => {
        atOnce.push(++inFlight);
        await new Promise((resolve) => setTimeout(resolve, 3));
        inFlight--;
        return broken;
      },
    });
    await fetchAll(paths(server.url, 60), { breaker: '50%/5ms', concurrency: 10, retry: 0 });
    expect(Math.max(...atOnce.slice(0, 10))).toBeGreaterThan(1);
    expect(atOnce.slice(-6)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('gives a host up after six pauses in a row; each task has its record', async () => {
    await using server = await scriptedServer({ '*': broken });
    const run = start(paths(server.url, 500), { breaker: '100%/1ms', concurrency: 10, retry: 0 });
    const records = await collect(run);
    const down = records.filter(({ error }) => error?.code === 'HOST_DOWN');
    expect(new Set(records.map(({ index }) => index)).size).toBe(500);
    expect(server.received.length).toBe(500 - down.length);
    expect(down.length).toBeGreaterThan(450);
    expect(down[0]).toMatchObject({
      attempts: 0,
      error: { kind: 'limit', message: `${server.url}: given up after 6 pauses of --breaker` },
    });
    expect(run.summary().tripped).toEqual([{ host: server.url, pauses: 6, isDown: true }]);
  });

  it('ends tasks that wait for their retry with the attempts they had', async () => {
    await using server = await scriptedServer({ '*': broken });
    const records = await fetchAll(paths(server.url, 20), { breaker: '50%/1ms', concurrency: 10, retry: 9 });
    const down = records.filter(({ error }) => error?.code === 'HOST_DOWN');
    expect(down.some(({ attempts }) => attempts > 0)).toBe(true);
    expect(records.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(server.received.length);
  });

  it('leaves other hosts alone', async () => {
    await using server = await scriptedServer({
      '*': ({ headers }) => (headers.host?.startsWith('host0') === true ? broken : {}),
    });
    const [bad, good] = origins(server.port, 2);
    const settings: Settings = { breaker: '50%/1ms', retry: 0, concurrency: 10, resolver: toLoopback };
    const records = await fetchAll([...paths(bad!, 100), ...paths(good!, 100)], settings);
    expect(records.slice(100).every(({ ok }) => ok)).toBe(true);
    expect(records.slice(0, 100).some(({ ok }) => ok)).toBe(false);
  });

  it.each([404, 429])('does not take %i for trouble of the host', async (status) => {
    await using server = await scriptedServer({ '*': { status } });
    const run = start(paths(server.url, 50), { breaker: '10%', retry: 0 });
    await collect(run);
    expect(run.summary().tripped).toEqual([]);
  });

  it('counts hosts that cannot be reached', async () => {
    const server = await scriptedServer({});
    await server.close();
    const run = start(paths(server.url, 100), { breaker: '50%/1ms', retry: 0, concurrency: 5 });
    const codes = new Set((await collect(run)).map(({ error }) => error?.code));
    expect(codes).toEqual(new Set(['CONNECTION_REFUSED', 'HOST_DOWN']));
  });

  it('does not make a redirect to a paused host outlast --task-timeout', async () => {
    const failed = createLatch();
    await using server = await scriptedServer({
      '/hop': async () => {
        await failed.opened;
        return { status: 302, headers: { location: '/there' } };
      },
      '*': broken,
    });
    const run = start([`${server.url}/hop`, ...paths(server.url, 10)], {
      breaker: '50%/1h',
      retry: 0,
      taskTimeout: 500,
    });
    const codes: (string | undefined)[] = [];
    for await (const { error } of run) {
      codes.push(error?.code);
      if (codes.length === 10) {
        failed.open();
      }
    }
    expect(codes.at(-1)).toBe('TASK_TIMEOUT');
    expect(server.hits('/there')).toBe(0);
  });

  it('is stopped during a pause', async () => {
    await using server = await scriptedServer({ '*': broken });
    const run = start(paths(server.url, 100), { breaker: '50%/1h', retry: 0, concurrency: 5 });
    const seen: number[] = [];
    for await (const record of run) {
      seen.push(record.index);
      if (seen.length === 10) {
        run.drain();
      }
    }
    expect(seen.length).toBeLessThan(15);
  });
});
