import { describe, expect, it } from 'vitest';
import { failOnLeaks } from '../../servers/leaks.ts';
import { scriptedServer } from '../../servers/scripted.ts';
import { until } from '../../servers/until.ts';
import { createLatch } from '../../servers/latch.ts';
import { collect, fetchAll, fetchOne, paths, start } from './fetching.ts';
import { origins, toLoopback } from './names.ts';

failOnLeaks();

const to = (location: string, status = 302) => ({ status, headers: { location } });

describe('methods', () => {
  it.each([
    [301, 'GET', 'GET'],
    [302, 'GET', 'GET'],
    [303, 'GET', 'GET'],
    [307, 'GET', 'GET'],
    [308, 'GET', 'GET'],
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [307, 'POST', 'POST'],
    [308, 'POST', 'POST'],
    [301, 'HEAD', 'HEAD'],
    [302, 'HEAD', 'HEAD'],
    [303, 'HEAD', 'HEAD'],
    [307, 'HEAD', 'HEAD'],
    [308, 'HEAD', 'HEAD'],
    [303, 'PUT', 'GET'],
  ])('%i makes %s %s', async (status, method, expected) => {
    await using server = await scriptedServer({ '/from': to('/to', status), '/to': { body: 'there' } });
    const data = method === 'POST' || method === 'PUT' ? 'x=1' : undefined;
    const record = await fetchOne(`${server.url}/from`, { method, ...(data !== undefined && { data }) });
    expect(record).toMatchObject({
      ok: true,
      status: 200,
      attempts: 1,
      url: `${server.url}/from`,
      finalUrl: `${server.url}/to`,
      bytes: expected === 'HEAD' ? 0 : 5,
    });
    const [, second] = server.received;
    expect(second).toMatchObject({ method: expected, body: expected === method ? (data ?? '') : '' });
    expect(second?.headers['content-type']).toBe(
      expected === 'POST' ? 'application/x-www-form-urlencoded' : undefined,
    );
  });

  it.each([300, 304, 305, 399])('%i is a final answer', async (status) => {
    await using server = await scriptedServer({ '*': to('/to', status) });
    const record = await fetchOne(`${server.url}/from`);
    expect(record).toMatchObject({ ok: true, status, finalUrl: undefined });
    expect(server.received).toHaveLength(1);
  });
});

describe('where to', () => {
  it.each([
    ['/b', '/b'],
    ['b?x=1', '/dir/b?x=1'],
    ['../b', '/b'],
    ['?y', '/dir/a?y'],
    ['b#part', '/dir/b'],
    ['sp ace', '/dir/sp%20ace'],
    ['.', '/dir/'],
  ])('Location %s', async (location, expected) => {
    await using server = await scriptedServer({
      '/dir/a': (_, __, hit) => (hit === 1 ? to(location) : {}),
      '*': {},
    });
    const record = await fetchOne(`${server.url}/dir/a`);
    expect(record).toMatchObject({ ok: true, finalUrl: server.url + expected });
    expect(server.received[1]?.target).toBe(expected);
  });

  it.each([
    ['no Location', {}],
    ['another scheme', { location: 'ftp://127.0.0.1/x' }],
    ['no URL', { location: 'http://[' }],
  ])('%s is a failure', async (_, headers) => {
    await using server = await scriptedServer({ '*': { status: 302, headers } });
    expect(await fetchOne(server.url)).toMatchObject({
      ok: false,
      status: 302,
      attempts: 1,
      error: { kind: 'redirect', code: 'BAD_LOCATION' },
    });
  });
});

describe('--max-redirs', () => {
  it.each([1, 3, 10])('%i ends a loop', async (maxRedirs) => {
    await using server = await scriptedServer({ '*': to('/again') });
    expect(await fetchOne(server.url, { maxRedirs })).toMatchObject({
      ok: false,
      attempts: 1,
      error: { kind: 'redirect', code: 'TOO_MANY_REDIRECTS' },
    });
    expect(server.received).toHaveLength(maxRedirs + 1);
  });

  it('0 makes a redirect the answer', async () => {
    await using server = await scriptedServer({ '*': { ...to('/to'), body: 'moved' } });
    expect(await fetchOne(`${server.url}/a`, { maxRedirs: 0 })).toMatchObject({
      ok: true,
      status: 302,
      headers: { location: '/to' },
      body: 'moved',
    });
  });
});

describe('credentials', () => {
  const secrets = ['Authorization: Bearer x', 'Cookie: a=b', 'X-Api-Key: k', 'Accept: text/plain'];

  it('stay within the origin', async () => {
    await using server = await scriptedServer({ '/from': to('/to'), '/to': {} });
    await fetchOne(`${server.url}/from`, { header: secrets });
    expect(server.received[1]?.headers).toMatchObject({
      authorization: 'Bearer x',
      cookie: 'a=b',
      'x-api-key': 'k',
      accept: 'text/plain',
    });
  });

  it.each(['127.0.0.2', '127.0.0.1'])('do not go to another origin, %s on another port', async (host) => {
    await using there = await scriptedServer({ '*': {} }, { host });
    await using here = await scriptedServer({ '*': to(`${there.url}/to`, 307) });
    const url = here.url.replace('://', '://name:word@');
    const record = await fetchOne(url, { header: secrets.slice(1) });
    expect(here.received[0]?.headers).toMatchObject({ authorization: 'Basic bmFtZTp3b3Jk' });
    expect(record).toMatchObject({ ok: true, finalUrl: `${there.url}/to` });
    const { headers } = there.received[0]!;
    expect(headers).toMatchObject({ accept: 'text/plain', host: there.url.slice('http://'.length) });
    for (const name of ['authorization', 'cookie', 'x-api-key']) {
      expect(headers).not.toHaveProperty(name);
    }
  });
});

describe('hops', () => {
  it('count under the limit of the host that they lead to', async () => {
    const latch = createLatch();
    await using there = await scriptedServer(
      { '*': () => latch.opened.then(() => ({})) },
      { host: '127.0.0.2' },
    );
    await using here = await scriptedServer({ '*': ({ target }) => to(there.url + target) });
    const records = collect(start(paths(here.url, 20), { perHost: 2, concurrency: 10 }));
    await until(() => there.flights.now === 2 && here.hits('/19') === 1);
    latch.open();
    expect((await records).every(({ ok, attempts }) => ok && attempts === 1)).toBe(true);
    expect(there.flights.peak).toBe(2);
  });

  it('go round many hosts with few lanes', async () => {
    await using server = await scriptedServer({
      '*': ({ headers, target }) => {
        const [, at] = /^host(\d+)\./.exec(headers.host!)!;
        const left = Number(target.slice(1));
        return left === 0 ? {} : to(`http://host${(Number(at) + 1) % 30}.test:${server.port}/${left - 1}`);
      },
    });
    const urls = origins(server.port, 30).map((origin) => `${origin}/5`);
    const records = await fetchAll(urls, { concurrency: 2, resolver: toLoopback });
    expect(records.every(({ ok, finalUrl }) => ok && finalUrl?.endsWith('/0') === true)).toBe(true);
    expect(server.received).toHaveLength(180);
  });

  it('begin anew with a retry', async () => {
    await using server = await scriptedServer({
      '/from': to('/to'),
      '/to': (_request, _response, hit) => ({ status: hit === 1 ? 503 : 200 }),
    });
    const record = await fetchOne(`${server.url}/from`);
    expect(record).toMatchObject({ ok: true, attempts: 2, finalUrl: `${server.url}/to` });
    expect(server.received.map(({ target }) => target)).toEqual(['/from', '/to', '/from', '/to']);
  });
});
