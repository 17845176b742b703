import { describe, expect, it } from 'vitest';
import type { Resolve } from '../../../src/fetch/http/lookup.ts';
import { onRequest, send } from '../../servers/acts.ts';
import { whole } from '../../servers/answers.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { httpProxy } from '../../servers/proxies.ts';
import { rawServer } from '../../servers/raw.ts';
import { scriptedServer } from '../../servers/scripted.ts';
import { caFile, tlsServer } from '../../servers/tls.ts';
import { fetchAll, fetchOne, paths } from './fetching.ts';
import { toLoopback } from './names.ts';

failOnLeaks();

/** A resolver that nobody is to ask. */
const unasked: Resolve = (hostname, _family, done) => {
  done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' }), []);
};

describe('--resolve', () => {
  it('comes before DNS, for that host and port', async () => {
    await using server = await scriptedServer({ '*': {} });
    const { port } = server;
    const urls = [
      `http://a.test:${port}/`,
      `http://A.test:${port}/x`,
      `http://b.test:${port}/`,
      'http://a.test:1/',
    ];
    const records = await fetchAll(urls, {
      resolve: [`a.test:${port}:127.0.0.1`],
      resolver: unasked,
      retry: 0,
    });
    expect(records.map(({ ok }) => ok)).toEqual([true, true, false, false]);
    expect(server.received.map(({ headers }) => headers.host)).toEqual([`a.test:${port}`, `a.test:${port}`]);
  });

  it('may be for every host, and the one that is named comes first', async () => {
    await using server = await scriptedServer({ '*': {} });
    const { port } = server;
    const records = await fetchAll([`http://a.test:${port}/`, `http://b.test:${port}/`], {
      resolve: [`*:${port}:127.0.0.1`, `b.test:${port}:127.0.0.9`],
      resolver: unasked,
      retry: 0,
    });
    expect(records.map(({ ok }) => ok)).toEqual([true, false]);
  });

  it('may name several addresses, which are tried in turn', async () => {
    await using server = await scriptedServer({ '*': {} });
    const record = await fetchOne(`http://a.test:${server.port}/`, {
      resolve: [`a.test:${server.port}:127.0.0.9,[::1],127.0.0.1`],
      resolver: unasked,
      retry: 0,
    });
    expect(record).toMatchObject({ ok: true, attempts: 1 });
  });

  it('leaves the name to TLS', async () => {
    await using server = await tlsServer('good');
    const fetch = (name: string) =>
      fetchOne(`https://${name}:${server.port}/`, {
        resolve: [`*:${server.port}:127.0.0.1`],
        cacert: caFile,
      });
    expect(await fetch('localhost')).toMatchObject({ ok: true });
    expect(await fetch('elsewhere.test')).toMatchObject({ error: { code: 'CERT_WRONG_HOST' } });
  });

  it('holds for proxies', async () => {
    await using server = await scriptedServer({ '*': {} });
    await using proxy = await httpProxy();
    const record = await fetchOne(server.url, {
      proxy: `proxy.test:${proxy.port}`,
      resolve: [`proxy.test:${proxy.port}:127.0.0.1`],
      resolver: unasked,
    });
    expect(record.ok).toBe(true);
    expect(record.timing.dns).toBeGreaterThanOrEqual(0);
    expect(proxy.asked).toHaveLength(1);
  });
});

describe('--ipv4 and --ipv6', () => {
  it.each([
    [{ ipv4: true }, 4],
    [{ ipv6: true }, 6],
    [{}, 0],
  ])('%o asks the resolver for no other addresses', async (options, expected) => {
    await using server = await scriptedServer({ '*': {} });
    const families: number[] = [];
    await fetchOne(`http://a.test:${server.port}/`, {
      ...options,
      retry: 0,
      resolver: (name, family, done) => {
        families.push(family);
        toLoopback(name, family, done);
      },
    });
    expect(families).toEqual([expected]);
  });

  it.each([
    [{ ipv4: true }, true],
    [{ ipv6: true }, false],
  ])('%o chooses among what is pinned', async (options, isOk) => {
    await using server = await scriptedServer({ '*': {} });
    const record = await fetchOne(`http://a.test:${server.port}/`, {
      ...options,
      resolve: [`a.test:${server.port}:127.0.0.1`],
      retry: 0,
    });
    expect(record.ok).toBe(isOk);
    expect(record.error?.code).toBe(isOk ? undefined : 'DNS_NOT_FOUND');
  });

  it('exclude each other', async () => {
    await expect(fetchOne('http://127.0.0.1:1/', { ipv4: true, ipv6: true })).rejects.toThrow(
      '--ipv4 and --ipv6 exclude each other',
    );
  });
});

describe('without --reuse', () => {
  it('each attempt has a connection of its own, and says so', async () => {
    let hits = 0;
    await using server = await scriptedServer({ '*': () => ({ status: hits++ === 0 ? 503 : 200 }) });
    const records = await fetchAll(paths(server.url, 10), { reuse: false, concurrency: 2 });
    expect(records.every(({ ok }) => ok)).toBe(true);
    expect(server.sockets.total).toBe(11);
    expect(server.sockets.peak).toBeLessThanOrEqual(2);
    expect(new Set(server.received.map(({ headers }) => headers.connection))).toEqual(new Set(['close']));
  });

  it('a server that keeps the connection open does not change that', async () => {
    await using server = await rawServer(onRequest(send(whole('ok'))));
    const records = await fetchAll(paths(server.url, 5), { reuse: false, concurrency: 1 });
    expect(records.every(({ ok }) => ok)).toBe(true);
    expect(server.sockets.total).toBe(5);
  });

  it('that holds through proxies', async () => {
    await using server = await tlsServer('good');
    await using proxy = await httpProxy();
    const records = await fetchAll(paths(server.url, 3), {
      reuse: false,
      concurrency: 1,
      proxy: proxy.host,
      cacert: caFile,
    });
    expect(records.every(({ ok }) => ok)).toBe(true);
    expect(proxy.asked).toHaveLength(3);
  });

  it('with it, connections are kept', async () => {
    await using server = await rawServer(onRequest(send(whole('ok'))));
    await fetchAll(paths(server.url, 5), { reuse: true, concurrency: 1 });
    expect(server.sockets.total).toBe(1);
  });
});
