import { describe, expect, it } from 'vitest';
import type { Resolve } from '../../src/fetch/http/lookup.ts';
import { fetchAll, fetchOne, paths, start, type Settings } from '../fetch/behaviour/fetching.ts';
import { failOnLeaks } from '../servers/leaks.ts';
import { httpProxy, socksProxy } from '../servers/proxies.ts';
import { scriptedServer } from '../servers/scripted.ts';
import { caFile, tlsServer } from '../servers/tls.ts';

failOnLeaks();

const denied = {
  ok: false,
  attempts: 1,
  status: undefined,
  error: { kind: 'limit', code: 'PRIVATE_ADDRESS' },
};

/** Answers with what is said for each question in turn, the last for all others. */
function answering(...answers: readonly (readonly string[])[]): Resolve {
  let asked = 0;
  return (_hostname, family, done) => {
    const addresses = answers[Math.min(asked++, answers.length - 1)]!;
    const known = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    setImmediate(
      done,
      null,
      known.filter((one) => family === 0 || one.family === family),
    );
  };
}

const publicAddress = '93.184.215.14';

describe('an address in the URL, in whatever form', () => {
  it.each([
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '0177.0.0.1',
    '0x7f.0.0.1',
    '0x7f.1',
    '0x7f000001',
    '2130706433',
    '017700000001',
    '127.0.0.1.',
    '%31%32%37.0.0.1',
    '①②⑦.0.0.1',
    '127。0。0。1',
    '0.0.0.0',
    '0',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0000::FFFF:7F00:0001]',
    '[::127.0.0.1]',
    'user:password@127.0.0.1',
  ])('%s', async (host) => {
    await using server = await scriptedServer({ '*': {} });
    const url = `http://${host}:${server.port}/`;
    expect(await fetchOne(url, { denyPrivate: true })).toMatchObject(denied);
    expect(server.sockets.total).toBe(0);
  });

  it('reaches the server without --deny-private', async () => {
    await using server = await scriptedServer({ '*': {} });
    const urls = ['127.1', '0x7f.1', '2130706433', '0'].map((host) => `http://${host}:${server.port}/`);
    expect((await fetchAll(urls)).map(({ ok }) => ok)).toEqual([true, true, true, true]);
  });

  it('over TLS', async () => {
    await using server = await tlsServer('good');
    expect(await fetchOne(server.url, { denyPrivate: true, cacert: caFile })).toMatchObject(denied);
    expect(server.sockets.total).toBe(0);
  });
});

describe('a name', () => {
  it.each<[string, (port: number) => Settings]>([
    ['of a private address', () => ({ resolver: answering(['127.0.0.1']) })],
    ['of several', () => ({ resolver: answering(['127.0.0.1', '::1', '10.0.0.1']) })],
    ['of a mapped one', () => ({ resolver: answering(['::ffff:127.0.0.1']) })],
    ['asked for IPv4', () => ({ resolver: answering(['127.0.0.1', '2606:4700::1']), ipv4: true })],
    ['pinned', (port) => ({ resolve: [`a.test:${port}:127.0.0.1`] })],
    ['pinned for every host', (port) => ({ resolve: [`*:${port}:127.0.0.1,[::1]`] })],
  ])('%s', async (_, settings) => {
    await using server = await scriptedServer({ '*': {} });
    const url = `http://a.test:${server.port}/`;
    expect(await fetchOne(url, { denyPrivate: true, ...settings(server.port) })).toMatchObject(denied);
    expect(server.sockets.total).toBe(0);
  });

  it('localhost', async () => {
    await using server = await scriptedServer({ '*': {} });
    const record = await fetchOne(`http://localhost:${server.port}/`, { denyPrivate: true });
    expect(record).toMatchObject(denied);
    expect(record.error?.message).toMatch(/localhost is at .*127\.0\.0\.1.*, which is not public$/);
  });

  it('that is not found is a failure of DNS', async () => {
    const record = await fetchOne('http://a.test/', { denyPrivate: true, resolver: answering([]), retry: 0 });
    expect(record).toMatchObject({ error: { code: 'DNS_NOT_FOUND' } });
  });

  it('is not asked for again between check and use (DNS rebinding)', async () => {
    await using server = await scriptedServer({ '*': { body: 'private' } });
    await using proxy = await socksProxy();
    const records = await fetchAll(paths(`http://a.test:${server.port}`, 3), {
      denyPrivate: true,
      reuse: false,
      concurrency: 1,
      proxy: `socks5://${proxy.host}`,
      resolver: answering([publicAddress], ['127.0.0.1']),
    });
    expect(records.every(({ ok }) => ok)).toBe(true);
    expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT ${publicAddress}:${server.port}`]));
  });

  it('that changes its mind is checked each time it is looked up', async () => {
    await using server = await scriptedServer({ '*': {} });
    await using proxy = await socksProxy();
    const origins = ['a.test', 'b.test'].map((name) => `http://${name}:${server.port}/`);
    const records = await fetchAll(origins, {
      denyPrivate: true,
      concurrency: 1,
      proxy: `socks5://${proxy.host}`,
      resolver: answering([publicAddress], ['127.0.0.1']),
    });
    expect(records.map(({ ok, error }) => error?.code ?? ok)).toEqual([true, 'PRIVATE_ADDRESS']);
  });

  it('of public and private addresses leads to the public ones only', async () => {
    await using server = await scriptedServer({ '*': {} });
    await using proxy = await socksProxy();
    const record = await fetchOne(`http://a.test:${server.port}/`, {
      denyPrivate: true,
      proxy: `socks5://${proxy.host}`,
      resolver: answering(['127.0.0.1', '169.254.169.254', publicAddress, '::1']),
    });
    expect(record).toMatchObject({ ok: true });
    expect(proxy.asked).toEqual([`CONNECT ${publicAddress}:${server.port}`]);
  });
});

describe('a public server that leads to a private one', () => {
  it.each([
    ['by a redirect', '127.0.0.1', 302],
    ['by a redirect that keeps the method', '127.0.0.1', 307],
    ['to a number', '2130706433', 302],
    ['to IPv6', '[::1]', 302],
    ['to a mapped address', '[::ffff:127.0.0.1]', 302],
    ['to metadata', '169.254.169.254', 302],
    ['to a name', 'private.test', 302],
  ])('%s: %s', async (_, host, status) => {
    await using server = await scriptedServer({
      '/from': () => ({ status, headers: { location: `http://${host}:${server.port}/to` } }),
      '/to': { body: 'secret' },
    });
    await using proxy = await socksProxy();
    const record = await fetchOne(`http://public.test:${server.port}/from`, {
      denyPrivate: true,
      proxy: `socks5://${proxy.host}`,
      resolver: (name, family, done) =>
        answering([name === 'public.test' ? publicAddress : '127.0.0.1'])(name, family, done),
    });
    expect(record).toMatchObject(denied);
    expect(server.hits('/from')).toBe(1);
    expect(server.hits('/to')).toBe(0);
    expect(proxy.asked).toHaveLength(1);
  });

  it('by the next page', async () => {
    await using server = await scriptedServer({
      '/1': () => ({ headers: { link: `<http://127.0.0.1:${server.port}/2>; rel="next"` } }),
      '/2': {},
    });
    await using proxy = await socksProxy();
    const records = await fetchAll([`http://public.test:${server.port}/1`], {
      denyPrivate: true,
      next: 'link',
      proxy: `socks5://${proxy.host}`,
      resolver: answering([publicAddress]),
    });
    expect(records.map(({ ok, error }) => error?.code ?? ok)).toEqual([true, 'PRIVATE_ADDRESS']);
    expect(server.hits('/2')).toBe(0);
  });
});

describe('a proxy', () => {
  it.each<[string, Settings]>([
    ['http', { proxy: 'http://127.0.0.1:1' }],
    ['https', { proxy: 'https://127.0.0.1:1' }],
    ['socks5h', { proxy: 'socks5h://127.0.0.1:1' }],
    ['http_proxy', { env: { http_proxy: 'http://127.0.0.1:1' } }],
    ['https_proxy', { env: { https_proxy: 'http://127.0.0.1:1', http_proxy: 'socks5://127.0.0.1:1' } }],
    ['ALL_PROXY', { env: { ALL_PROXY: 'socks5h://127.0.0.1:1' } }],
  ])('that looks names up is refused: %s', (_, settings) => {
    expect(() => start([], { denyPrivate: true, ...settings })).toThrow(
      /^--deny-private: the proxy looks names up itself/,
    );
  });

  it.each<[string, Settings]>([
    ["--proxy ''", { proxy: '', env: { http_proxy: 'http://127.0.0.1:1' } }],
    ['socks5', { proxy: 'socks5://127.0.0.1:1' }],
  ])('that does not is taken: %s', (_, settings) => {
    expect(() => start([], { denyPrivate: true, ...settings })).not.toThrow();
  });

  it('is not asked for an address that is private', async () => {
    await using proxy = await socksProxy();
    const settings = { denyPrivate: true, proxy: `socks5://${proxy.host}` };
    expect(await fetchOne('http://127.0.0.1:1/', settings)).toMatchObject(denied);
    expect(await fetchOne('https://[::1]:1/', settings)).toMatchObject(denied);
    expect(proxy.asked).toEqual([]);
  });

  it('does not matter for hosts that are reached without it', async () => {
    await using server = await scriptedServer({ '*': {} });
    const settings = { denyPrivate: true, proxy: 'socks5://127.0.0.1:1', noproxy: '127.0.0.1' };
    expect(await fetchOne(server.url, settings)).toMatchObject(denied);
    expect(server.sockets.total).toBe(0);
  });

  it('may be anywhere without --deny-private', async () => {
    await using server = await scriptedServer({ '*': {} });
    await using proxy = await httpProxy();
    expect(await fetchOne(server.url, { proxy: `http://${proxy.host}` })).toMatchObject({ ok: true });
  });
});
