import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { onRequest, reset, send, stall } from '../../servers/acts.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { httpProxy, socksProxy, type ProxyOptions, type TestProxy } from '../../servers/proxies.ts';
import { rawServer } from '../../servers/raw.ts';
import { scriptedServer } from '../../servers/scripted.ts';
import { caFile, keyPair, tlsServer } from '../../servers/tls.ts';
import { until } from '../../servers/until.ts';
import { fetchAll, fetchOne, paths, type Settings } from './fetching.ts';
import { toLoopback } from './names.ts';

failOnLeaks();

type Start = (options?: ProxyOptions) => Promise<TestProxy>;
const secureProxy: Start = (options) => httpProxy({ ...options, tls: keyPair('good') });

/** Every proxy with the scheme under which it is reached, and whether it looks names up. */
const proxies: readonly [scheme: string, start: Start, looksUp: boolean][] = [
  ['http', httpProxy, true],
  ['https', secureProxy, true],
  ['socks5h', socksProxy, true],
  ['socks5', socksProxy, false],
];

const trusting: Settings = { cacert: caFile, retry: 0 };
const through = (scheme: string, { host }: TestProxy, user = ''): Settings => ({
  ...trusting,
  proxy: `${scheme}://${user}${host}`,
});

describe.each(proxies)('a %s proxy', (scheme, start, looksUp) => {
  it('carries http', async () => {
    await using server = await scriptedServer({ '*': { body: 'ok' } });
    await using proxy = await start();
    const record = await fetchOne(`${server.url}/a?b=1`, through(scheme, proxy));
    expect(record).toMatchObject({ ok: true, status: 200, body: 'ok', attempts: 1 });
    expect(record.timing).toMatchObject({ connect: expect.any(Number), tls: undefined, dns: undefined });
    expect(server.received).toMatchObject([
      { method: 'GET', target: '/a?b=1', headers: { host: `127.0.0.1:${server.port}` } },
    ]);
    const asked = scheme.startsWith('http') ? `GET ${server.url}/a?b=1` : `CONNECT 127.0.0.1:${server.port}`;
    expect(proxy.asked).toEqual([asked]);
  });

  it('carries https, in a tunnel', async () => {
    await using server = await tlsServer('good');
    await using proxy = await start();
    const record = await fetchOne(`${server.url}/a`, through(scheme, proxy));
    expect(record).toMatchObject({ ok: true, status: 200, body: 'ok', attempts: 1 });
    expect(record.timing).toMatchObject({ connect: expect.any(Number), tls: expect.any(Number) });
    expect(server.received).toMatchObject([{ target: '/a', headers: { host: `127.0.0.1:${server.port}` } }]);
    expect(server.received[0]?.headers).not.toHaveProperty('proxy-authorization');
    expect(proxy.asked).toEqual([`CONNECT 127.0.0.1:${server.port}`]);
  });

  it.each(['http', 'https'])('keeps its connections, and carries bodies both ways: %s', async (target) => {
    const body = 'x'.repeat(300_000);
    const echo = { '*': (request: { body: string }) => ({ body: request.body }) };
    await using server = await (target === 'http' ? scriptedServer(echo) : tlsServer('good', echo));
    await using proxy = await start();
    const records = await fetchAll(paths(server.url, 12), {
      ...through(scheme, proxy),
      data: body,
      concurrency: 3,
      body: 'text',
    });
    expect(records.filter((record) => record.body === body)).toHaveLength(12);
    expect(proxy.sockets.total).toBe(3);
    await until(() => proxy.sockets.open === 0);
  });

  it.each(['http', 'https'])('is told who we are: %s', async (target) => {
    await using server = await (target === 'http' ? scriptedServer({ '*': {} }) : tlsServer('good'));
    await using proxy = await start({ credentials: 'ann:p@ss/wörd' });
    const right = await fetchAll(paths(server.url, 3), {
      ...through(scheme, proxy, 'ann:p%40ss%2Fw%C3%B6rd@'),
      concurrency: 1,
    });
    expect(right.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(server.received.some(({ headers }) => 'proxy-authorization' in headers)).toBe(false);
    for (const user of ['', 'ann:s3cr3t@']) {
      const wrong = await fetchOne(server.url, { ...through(scheme, proxy, user), retry: 2 });
      expect(wrong).toMatchObject({ ok: false, attempts: 1, error: { kind: 'status', code: 'PROXY_AUTH' } });
      expect(wrong.error?.message).toContain(`proxy ${scheme}://${proxy.host}`);
      expect(JSON.stringify(wrong)).not.toContain('s3cr3t');
    }
    expect(server.received).toHaveLength(3);
  });

  it(`${looksUp ? 'looks' : 'does not look'} names up`, async () => {
    await using server = await scriptedServer({ '*': {} });
    await using proxy = await start();
    const names: string[] = [];
    const record = await fetchOne(`http://server.test:${server.port}/`, {
      ...through(scheme, proxy),
      resolver: (name, ...rest) => {
        names.push(name);
        toLoopback(name, ...rest);
      },
    });
    expect(record.ok).toBe(true);
    expect(names).toEqual(looksUp ? [] : ['server.test']);
    expect(proxy.asked[0]).toContain(looksUp ? `server.test:${server.port}` : `127.0.0.1:${server.port}`);
  });

  it('that is not there is named', async () => {
    const proxy = await start();
    await proxy[Symbol.asyncDispose]();
    for (const url of ['http://server.test/', 'https://server.test/']) {
      expect(await fetchOne(url, { ...through(scheme, proxy), retry: 1, retryDelay: 1 })).toMatchObject({
        ok: false,
        attempts: 2,
        error: {
          kind: 'connect',
          code: 'PROXY_FAILED',
          message: `${url.slice(0, -1)}: proxy ${scheme}://${proxy.host}: connect ECONNREFUSED ${proxy.host}`,
        },
      });
    }
  });

  it('that cannot be found is named', async () => {
    const record = await fetchOne('https://server.test/', {
      proxy: `${scheme}://ann:s3cr3t@nowhere.test:1`,
      retry: 0,
      resolver: (name, _family, done) =>
        done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }), []),
    });
    expect(record.error).toEqual({
      kind: 'connect',
      code: 'PROXY_FAILED',
      message: `https://server.test: proxy ${scheme}://nowhere.test:1: getaddrinfo ENOTFOUND nowhere.test`,
    });
  });

  it('that does not answer is given up in time', async () => {
    await using proxy = await rawServer(stall());
    const record = await fetchOne('https://127.0.0.1:1/', {
      proxy: `${scheme}://ann:s3cr3t@127.0.0.1:${proxy.port}`,
      connectTimeout: 50,
      retry: 0,
    });
    expect(record.error).toEqual({
      kind: 'timeout',
      code: 'CONNECT_TIMEOUT',
      message: `https://127.0.0.1:1: no connection through proxy ${scheme}://127.0.0.1:${proxy.port} within 50 ms`,
    });
    await until(() => proxy.sockets.open === 0);
  });

  it('to a server that does not answer ends in time', async () => {
    await using server = await rawServer(stall());
    await using proxy = await start();
    const record = await fetchOne(`https://127.0.0.1:${server.port}/`, {
      ...through(scheme, proxy),
      connectTimeout: 100,
    });
    expect(record.error).toMatchObject({
      code: 'CONNECT_TIMEOUT',
      message: expect.stringContaining('no TLS handshake within 100 ms'),
    });
    await until(() => server.sockets.open + proxy.sockets.open === 0);
  });

  it('keeps certificates honest', async () => {
    await using server = await tlsServer('wrong-host');
    await using proxy = await start();
    expect(await fetchOne(server.url, through(scheme, proxy))).toMatchObject({
      ok: false,
      error: { kind: 'tls', code: 'CERT_WRONG_HOST' },
    });
    expect(await fetchOne(server.url, { ...through(scheme, proxy), insecure: true })).toMatchObject({
      ok: true,
    });
  });

  it('that talks nonsense is at fault', async () => {
    await using proxy = await rawServer(send('220 mail.example ESMTP\r\n'));
    const record = await fetchOne('https://127.0.0.1:1/', {
      proxy: `${scheme}://127.0.0.1:${proxy.port}`,
      retry: 0,
    });
    expect(record.error).toMatchObject({ kind: 'connect', code: 'PROXY_FAILED' });
  });

  it('that resets is at fault', async () => {
    await using proxy = await rawServer(reset());
    const record = await fetchOne('https://127.0.0.1:1/', {
      proxy: `${scheme}://127.0.0.1:${proxy.port}`,
      retry: 0,
    });
    expect(record.error).toMatchObject({ kind: 'connect', code: 'PROXY_FAILED' });
  });

  it('that hangs up is at fault', async () => {
    await using proxy = await rawServer((socket) => void socket.end());
    const record = await fetchOne('https://127.0.0.1:1/', {
      proxy: `${scheme}://127.0.0.1:${proxy.port}`,
      retry: 0,
    });
    expect(record.error).toMatchObject({ kind: 'connect', code: 'PROXY_FAILED' });
  });
});

describe('a tunnel that is not opened', () => {
  it.each<[scheme: string, start: Start, refuses: number, attempts: number, code: string, said: string]>([
    ['http', httpProxy, 403, 1, 'PROXY_REFUSED', 'HTTP 403'],
    ['http', httpProxy, 405, 1, 'PROXY_REFUSED', 'HTTP 405'],
    ['http', httpProxy, 301, 1, 'PROXY_REFUSED', 'HTTP 301'],
    ['http', httpProxy, 429, 2, 'PROXY_FAILED', 'HTTP 429'],
    ['http', httpProxy, 503, 2, 'PROXY_FAILED', 'HTTP 503'],
    ['socks5h', socksProxy, 1, 2, 'PROXY_FAILED', 'failed to connect'],
    ['socks5h', socksProxy, 2, 1, 'PROXY_REFUSED', 'rules'],
    ['socks5h', socksProxy, 4, 2, 'PROXY_FAILED', 'cannot reach the server'],
    ['socks5h', socksProxy, 5, 2, 'PROXY_FAILED', 'refused'],
    ['socks5h', socksProxy, 99, 2, 'PROXY_FAILED', 'reply 99'],
  ])('%s, %o, %i: after %i attempts, %s', async (scheme, start, refuses, attempts, code, said) => {
    await using proxy = await start({ refuses });
    const record = await fetchOne('https://server.test/', { ...through(scheme, proxy), retry: 1 });
    expect(record).toMatchObject({
      ok: false,
      attempts,
      error: { code, message: expect.stringContaining(said) },
    });
    expect(proxy.asked).toEqual(Array.from({ length: attempts }, () => 'CONNECT server.test:443'));
  });

  it('because the server is not there is the same', async () => {
    const server = await scriptedServer({});
    await server.close();
    for (const [scheme, start] of proxies) {
      await using proxy = await start();
      const record = await fetchOne(server.url.replace('http', 'https'), through(scheme, proxy));
      expect(record.error).toMatchObject({ kind: 'connect', code: 'PROXY_FAILED' });
    }
  });
});

describe('which hosts go through it', () => {
  it('is told by noproxy and the environment', async () => {
    await using server = await scriptedServer({ '*': {} });
    await using proxy = await httpProxy();
    const env = { http_proxy: `http://${proxy.host}`, no_proxy: 'direct.test' };
    const urls = ['a.direct.test', 'other.test'].map((name) => `http://${name}:${server.port}/`);
    const records = await fetchAll(urls, { env, resolver: toLoopback });
    expect(records.map(({ ok }) => ok)).toEqual([true, true]);
    expect(proxy.asked).toEqual([`GET ${urls[1]}`]);
  });

  it('is decided anew for where a redirect leads', async () => {
    await using to = await scriptedServer({ '*': { body: 'there' } });
    await using from = await scriptedServer({
      '*': { status: 302, headers: { location: `http://other.test:${to.port}/` } },
    });
    await using proxy = await httpProxy();
    const record = await fetchOne(from.url, { ...through('http', proxy), noproxy: '127.0.0.1' });
    expect(record).toMatchObject({ ok: true, body: 'there' });
    expect(proxy.asked).toEqual([`GET http://other.test:${to.port}/`]);
  });
});

it('an answer to CONNECT is understood in pieces, and after a 100', async () => {
  await using proxy = await rawServer(
    onRequest(async (socket, connection) => {
      for (const piece of [
        'HTTP/1.1 100 Continue\r\n\r\nHT',
        'TP/1.1 50',
        '3 Busy\r\nContent-Length: 0\r\n\r\n',
      ]) {
        await send(piece)(socket, connection);
        await nextTurn();
      }
    }),
  );
  const record = await fetchOne('https://server.test/', { proxy: proxy.url, retry: 0 });
  expect(record.error?.message).toContain('HTTP 503');
});
