import { describe, expect, it } from 'vitest';
import { answering, http2Server } from '../../servers/http2.ts';
import { createLatch } from '../../servers/latch.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { httpProxy } from '../../servers/proxies.ts';
import { scriptedServer } from '../../servers/scripted.ts';
import { caFile, tlsServer } from '../../servers/tls.ts';
import { until } from '../../servers/until.ts';
import { collect, fetchAll, fetchOne, paths, start, type Settings } from '../behaviour/fetching.ts';

failOnLeaks();

const http2: Settings = { http2: true, cacert: caFile, retry: 0 };

describe('a server that speaks HTTP/2', () => {
  it('has all lanes on one socket', async () => {
    await using server = await http2Server(answering());
    const run = start(paths(server.url, 1000), { ...http2, concurrency: 50 });
    const records = await collect(run);
    expect(
      records.filter(({ ok, body, httpVersion }) => ok && body === 'ok' && httpVersion === '2'),
    ).toHaveLength(1000);
    expect(new Set(server.paths).size).toBe(1000);
    expect(server.sockets.total).toBe(1);
    expect(server.peakStreams).toBe(50);
    // One exchange has opened it, and has the times of it; the others waited.
    expect(
      records.filter(({ timing }) => timing.connect !== undefined && timing.tls !== undefined),
    ).toHaveLength(1);
    await until(() => server.sockets.open === 0);
  });

  it('has more sockets when it takes fewer streams, within what it takes', async () => {
    const latch = createLatch();
    await using server = await http2Server(
      (stream, headers, nth) => void latch.opened.then(() => answering()(stream, headers, nth)),
      { settings: { maxConcurrentStreams: 10 } },
    );
    const run = start(paths(server.url, 300), { ...http2, concurrency: 25 });
    const records = collect(run);
    await until(() => server.paths.length === 25);
    expect(run.stats()).toMatchObject({ inFlight: 25, sockets: 3 });
    latch.open();
    expect((await records).filter(({ ok }) => ok)).toHaveLength(300);
    expect(server.sockets.peak).toBe(3);
    expect(server.peakStreams).toBe(10);
  });

  it('is waited for when it takes no stream for a while', async () => {
    await using server = await http2Server(answering(), { settings: { maxConcurrentStreams: 0 } });
    const run = start(paths(server.url, 20), { ...http2, concurrency: 5 });
    const records = collect(run);
    await until(() => server.sessions.size > 0);
    for (const session of server.sessions) {
      session.settings({ maxConcurrentStreams: 5 });
    }
    expect((await records).filter(({ ok }) => ok)).toHaveLength(20);
  });

  it('has a connection for each attempt with --no-reuse', async () => {
    await using server = await http2Server(answering());
    const records = await fetchAll(paths(server.url, 12), { ...http2, concurrency: 4, reuse: false });
    expect(records.filter(({ ok, httpVersion }) => ok && httpVersion === '2')).toHaveLength(12);
    expect(server.sockets.total).toBe(12);
  });

  it('is reached through a proxy', async () => {
    await using server = await http2Server(answering());
    await using proxy = await httpProxy();
    const records = await fetchAll(paths(server.url, 20), { ...http2, concurrency: 5, proxy: proxy.host });
    expect(records.filter(({ ok, httpVersion }) => ok && httpVersion === '2')).toHaveLength(20);
    expect(server.sockets.total).toBe(1);
  });

  it('gives its place to others when all sockets are taken', async () => {
    await using one = await http2Server(answering('one'));
    await using two = await http2Server(answering('two'));
    const urls = paths('', 20).flatMap((path) => [`${one.url}${path}`, `${two.url}${path}`]);
    const records = await fetchAll(urls, { ...http2, concurrency: 1 });
    expect(records.filter(({ ok }) => ok)).toHaveLength(40);
  });
});

describe('a server that speaks HTTP/1.1 only', () => {
  it('goes on over the connections on which it said so', async () => {
    await using server = await tlsServer('good', { '*': { body: 'HTTP/1.1' } });
    const records = await fetchAll(paths(server.url, 100), { ...http2, concurrency: 10 });
    expect(records.map(({ body, httpVersion }) => [body, httpVersion])).toEqual(
      Array.from({ length: 100 }, () => ['HTTP/1.1', undefined]),
    );
    expect(server.sockets.total).toBe(10);
    expect(records.filter(({ timing }) => timing.tls !== undefined)).toHaveLength(10);
  });

  it('needs no ALPN', async () => {
    await using server = await tlsServer('good', undefined, { ALPNProtocols: [] });
    expect(await fetchOne(server.url, http2)).toMatchObject({ ok: true, body: 'ok', httpVersion: undefined });
  });

  it('has no handshake for nothing with --no-reuse', async () => {
    await using server = await tlsServer('good');
    const records = await fetchAll(paths(server.url, 12), { ...http2, concurrency: 4, reuse: false });
    expect(records.filter(({ ok }) => ok)).toHaveLength(12);
    expect(server.sockets.total).toBe(12);
  });

  it('is asked over HTTP/1.1 without TLS', async () => {
    await using server = await scriptedServer({ '*': { body: 'ok' } });
    expect(await fetchOne(server.url, http2)).toMatchObject({ ok: true, httpVersion: undefined });
  });
});

it('is not offered without --http2', async () => {
  await using server = await http2Server(answering(), { allowHTTP1: true });
  expect(await fetchOne(server.url, { cacert: caFile })).toMatchObject({
    body: 'HTTP/1.1',
    httpVersion: undefined,
  });
});

describe('a connection that cannot be opened', () => {
  it.each([1, 5])('fails each task that waits for it (%i)', async (concurrency) => {
    await using server = await tlsServer('self-signed');
    const records = await fetchAll(paths(server.url, 5), { ...http2, concurrency });
    expect(records.map(({ error }) => error?.code)).toEqual(
      Array.from({ length: 5 }, () => 'CERT_SELF_SIGNED'),
    );
  });

  it('is tried again', async () => {
    const records = await fetchAll(paths('https://127.0.0.1:1', 5), { ...http2, retry: 2, concurrency: 3 });
    expect(records.map(({ error, attempts }) => [error?.code, attempts])).toEqual(
      Array.from({ length: 5 }, () => ['CONNECTION_REFUSED', 3]),
    );
  });
});
