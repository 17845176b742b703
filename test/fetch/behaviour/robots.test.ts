import { describe, expect, it } from 'vitest';
import { createLatch } from '../../servers/latch.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { scriptedServer, type Canned, type ScriptedRoute } from '../../servers/scripted.ts';
import { until } from '../../servers/until.ts';
import { collect, fetchAll, fetchOne, paths, start, type Settings } from './fetching.ts';
import { origins, toLoopback } from './names.ts';

failOnLeaks();

const polite: Settings = { respectRobots: true };

function robots(...lines: string[]): Canned {
  return { headers: { 'content-type': 'text/plain' }, body: lines.join('\n') };
}

const closedPart = robots('User-agent: *', 'Disallow: /private/');

describe('--respect-robots', () => {
  it('fetches what robots.txt allows, and fails the rest without a request', async () => {
    await using server = await scriptedServer({ '/robots.txt': closedPart, '*': {} });
    const run = start([`${server.url}/a`, `${server.url}/private/b`], polite);
    const [refused, allowed] = (await collect(run)).toSorted((a, b) => b.index - a.index);
    expect(allowed).toMatchObject({ ok: true, attempts: 1 });
    expect(refused).toMatchObject({ ok: false, attempts: 0, error: { code: 'ROBOTS_DISALLOWED' } });
    expect(refused?.error?.message).toBe(
      `${server.url}/robots.txt disallows ${server.url}/private/b for bulkfetch`,
    );
    expect(server.received.map(({ target }) => target)).toEqual(['/robots.txt', '/a']);
    expect(run.summary()).toMatchObject({ tasks: { total: 2, ok: 1, failed: 1 }, attempts: 1, paced: true });
  });

  it('asks once for each origin, over the connection that the tasks use', async () => {
    await using server = await scriptedServer({ '*': {} });
    await fetchAll(paths(server.url, 40), { ...polite, concurrency: 1 });
    expect({ hits: server.hits('/robots.txt'), sockets: server.sockets.total }).toEqual({
      hits: 1,
      sockets: 1,
    });
  });

  it('does not ask without the option, nor for robots.txt itself', async () => {
    await using server = await scriptedServer({ '*': {} });
    await fetchOne(`${server.url}/a`);
    expect(server.hits('/robots.txt')).toBe(0);
    expect(await fetchOne(`${server.url}/robots.txt`, polite)).toMatchObject({ ok: true });
    expect(server.hits('/robots.txt')).toBe(1);
  });

  it('holds no lane while it waits: other hosts go on', async () => {
    const latch = createLatch();
    await using server = await scriptedServer({
      '/robots.txt': async ({ headers }) => {
        if (headers.host?.startsWith('host0') === true) {
          await latch.opened;
        }
        return {};
      },
      '*': {},
    });
    const [slow, quick] = origins(server.port, 2);
    const run = start([...paths(slow!, 5), ...paths(quick!, 20)], {
      ...polite,
      concurrency: 2,
      resolver: toLoopback,
    });
    const records = collect(run);
    await until(() => run.stats().finished === 20);
    latch.open();
    expect((await records).filter(({ ok }) => ok)).toHaveLength(25);
  });

  it('goes by the product of --user-agent, and asks in its name', async () => {
    await using server = await scriptedServer({
      '/robots.txt': robots('User-agent: mybot', 'Disallow: /', 'User-agent: *', 'Disallow:'),
      '*': {},
    });
    const userAgent = 'MyBot/1.0 (+https://example.com/bot)';
    const record = await fetchOne(`${server.url}/a`, { ...polite, userAgent });
    expect(record.error?.code).toBe('ROBOTS_DISALLOWED');
    expect(server.received[0]?.headers['user-agent']).toBe(userAgent);
  });

  it.each<[what: string, route: ScriptedRoute, code: string | undefined]>([
    ['404: everything is allowed', { status: 404 }, undefined],
    ['401: everything is allowed', { status: 401 }, undefined],
    ['500: nothing is allowed', { status: 500 }, 'ROBOTS_UNREACHABLE'],
    ['no answer: nothing is allowed', (_, response) => void response.destroy(), 'ROBOTS_UNREACHABLE'],
  ])('%s', async (_, route, code) => {
    await using server = await scriptedServer({ '/robots.txt': route, '*': {} });
    const [record] = await fetchAll([`${server.url}/a`], { ...polite, retry: 1 });
    expect(record?.error?.code).toBe(code);
    expect(server.hits('/a')).toBe(code === undefined ? 1 : 0);
  });

  it('tries again for robots.txt before it says so', async () => {
    await using server = await scriptedServer({
      '/robots.txt': (_request, _response, hit) => (hit === 1 ? { status: 503 } : closedPart),
      '*': {},
    });
    expect(await fetchOne(`${server.url}/a`, polite)).toMatchObject({ ok: true, attempts: 1 });
    expect(server.hits('/robots.txt')).toBe(2);
  });

  it('follows redirects of robots.txt, five with --max-redirs 0 too', async () => {
    const hops = Object.fromEntries(
      Array.from({ length: 5 }, (_, at): [string, Canned] => [
        at === 0 ? '/robots.txt' : `/r${at}`,
        { status: 302, headers: { location: `/r${at + 1}` } },
      ]),
    );
    await using server = await scriptedServer({ ...hops, '/r5': closedPart, '*': {} });
    const record = await fetchOne(`${server.url}/private/a`, { ...polite, maxRedirs: 0 });
    expect(record.error?.code).toBe('ROBOTS_DISALLOWED');
  });

  it('asks the host to which a redirect leads, and does not go where it must not', async () => {
    await using there = await scriptedServer({ '/robots.txt': closedPart, '*': {} });
    await using here = await scriptedServer({
      '/robots.txt': { status: 404 },
      '/out': { status: 302, headers: { location: `${there.url}/private/x` } },
      '/in': { status: 302, headers: { location: `${there.url}/open` } },
    });
    const records = await fetchAll([`${here.url}/out`, `${here.url}/in`], polite);
    expect(records).toMatchObject([
      { ok: false, attempts: 1, error: { code: 'ROBOTS_DISALLOWED' } },
      { ok: true, attempts: 1, finalUrl: `${there.url}/open` },
    ]);
    expect(there.received.map(({ target }) => target)).toEqual(['/robots.txt', '/open']);
  });

  it('checks next pages', async () => {
    await using server = await scriptedServer({
      '/robots.txt': closedPart,
      '/a': { headers: { link: '</private/b>; rel="next"' } },
    });
    const records = await collect(start([`${server.url}/a`], { ...polite, next: 'link' }));
    expect(records).toMatchObject([
      { ok: true, page: 1 },
      { ok: false, page: 2, error: { code: 'ROBOTS_DISALLOWED' } },
    ]);
  });

  it('reads it whatever becomes of the bodies of tasks', async () => {
    await using server = await scriptedServer({ '/robots.txt': closedPart, '*': { body: 'a body' } });
    const settings: Settings = { ...polite, body: 'none', maxBody: 10 };
    const records = await fetchAll([`${server.url}/private/a`, `${server.url}/b`], settings);
    expect(records).toMatchObject([{ error: { code: 'ROBOTS_DISALLOWED' } }, { ok: true, body: undefined }]);
  });

  it('sends no header or password of the user with it, to the hosts of the input neither', async () => {
    await using server = await scriptedServer({ '*': {} });
    const header = ['X-Api-Key: s3cr3t'];
    await fetchOne(`${server.url}/a`, { ...polite, header, bearer: 's3cr3t' });
    const [robotsTxt, task] = server.received;
    expect(JSON.stringify(robotsTxt?.rawHeaders)).not.toContain('s3cr3t');
    expect(task?.headers).toMatchObject({ 'x-api-key': 's3cr3t', authorization: 'Bearer s3cr3t' });
  });

  it('keeps to Crawl-delay', async () => {
    const times: number[] = [];
    await using server = await scriptedServer({
      '/robots.txt': robots('User-agent: *', 'Crawl-delay: 0.1'),
      '*': () => {
        times.push(performance.now());
        return {};
      },
    });
    await fetchAll(paths(server.url, 4), polite);
    expect(times).toHaveLength(4);
    expect(times[3]! - times[0]!).toBeGreaterThan(250);
  });

  it('keeps the order with --ordered and a small queue', async () => {
    await using server = await scriptedServer({ '/robots.txt': closedPart, '*': {} });
    const inputs = origins(server.port, 30).flatMap((origin) => [`${origin}/a`, `${origin}/private/b`]);
    const settings: Settings = { ...polite, ordered: true, queueSize: 4, resolver: toLoopback };
    const records = await collect(start(inputs, settings));
    expect(records.map(({ index }) => index)).toEqual(inputs.map((_, index) => index));
  });

  it('is stopped while tasks wait for it', async () => {
    const latch = createLatch();
    await using server = await scriptedServer({
      '/robots.txt': async () => {
        await latch.opened;
        return {};
      },
    });
    const run = start(paths(server.url, 5), polite);
    const records = collect(run);
    await until(() => server.flights.now === 1);
    run.drain();
    latch.open();
    expect(await records).toEqual([]);
    expect(server.hits('/0')).toBe(0);
  });
});
