import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { answering, http2Server } from '../servers/http2.ts';
import { httpProxy } from '../servers/proxies.ts';
import { scriptedServer, type ScriptedRoute, type ScriptedRoutes } from '../servers/scripted.ts';
import { caFile, tlsServer } from '../servers/tls.ts';
import { cli, lines, shell } from './cli.ts';
import { doctor, verdicts } from './doctor.ts';

const json = { 'Content-Type': 'application/json' };
const users = JSON.stringify(Array.from({ length: 200 }, (_, id) => ({ id, name: `user ${id}` })));

/** Knows all that can be asked for, and tells a policy and a next page. */
const able: ScriptedRoute = ({ headers }) => {
  const fields = {
    ...json,
    ETag: '"v1"',
    'Accept-Ranges': 'bytes',
    'RateLimit-Policy': '"default";q=600;w=60',
    Link: '</users?page=2>; rel="next"',
  };
  const accepted = headers['accept-encoding'] ?? '';
  if (headers['if-none-match'] === '"v1"') {
    return { status: 304, headers: fields };
  }
  if (headers.range === 'bytes=0-0') {
    return {
      status: 206,
      headers: { ...fields, 'Content-Range': `bytes 0-0/${users.length}` },
      body: users[0]!,
    };
  }
  const [coding, code] = /\bbr\b/.test(accepted)
    ? (['br', brotliCompressSync] as const)
    : (['gzip', gzipSync] as const);
  return accepted.includes(coding)
    ? { headers: { ...fields, 'Content-Encoding': coding }, body: code(users) }
    : { headers: fields, body: users };
};

const ableRoutes: ScriptedRoutes = {
  '/users': able,
  '/robots.txt': { body: 'User-agent: *\nCrawl-delay: 2\nDisallow: /admin\n' },
  '/admin': { body: 'secret' },
};

describe('a server that can do all', () => {
  it('is told of, with the flags that suit it', async () => {
    await using server = await tlsServer('good', ableRoutes);
    const { status, stderr, found } = await doctor(
      `https://localhost:${server.port}/users`,
      '--cacert',
      caFile,
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(verdicts(found)).toEqual({
      certificate: expect.stringMatching(/^[\d,]+ days left$/),
      keepAlive: 'yes',
      http2: 'no',
      compression: 'yes',
      ranges: 'yes',
      conditional: 'yes',
      rateLimit: '600 in 60 s',
      robots: 'allowed',
      pages: 'yes',
      address: 'private',
      proxy: 'none',
    });
    expect(found).toMatchObject({
      ok: true,
      answer: {
        status: 200,
        httpVersion: '1.1',
        contentType: 'application/json',
        bytes: users.length,
        encoding: 'br',
      },
      tls: { version: 'TLSv1.3', alpn: 'http/1.1', certificate: { issuer: 'bulkfetch test ca' } },
      tries: [],
    });
    expect(found.answer?.codedBytes).toEqual({
      br: brotliCompressSync(users).length,
      gzip: gzipSync(users).length,
    });
    expect(Object.keys(found.phases)).toEqual(['dns', 'connect', 'tls', 'wait', 'download']);
    expect(found.addresses).toContain('127.0.0.1');
    expect(found.advice.map(({ flag }) => flag)).toEqual([
      '--rate 10/s',
      '--respect-robots',
      '-c 1',
      '--next link',
    ]);
  });

  it('is asked little, each request named, and nothing that changes it', async () => {
    await using server = await tlsServer('good', ableRoutes);
    const { found } = await doctor(`${server.url}/users`, '--cacert', caFile);
    expect(found.requests.map(({ purpose, status, reused }) => [purpose, status, reused])).toEqual([
      [undefined, 200, false],
      ['If-None-Match: "v1"', 304, true],
      ['Range: bytes=0-0', 206, true],
      ['robots.txt', 200, false],
      ['Accept-Encoding: gzip', 200, true],
      ['Accept-Encoding: zstd', 200, true],
    ]);
    expect(server.received.map(({ method }) => method)).toEqual(Array.from(found.requests, () => 'GET'));
  });

  it('is told of in text of 80 columns, the command aside', async () => {
    await using server = await tlsServer('good', ableRoutes);
    const { stdout } = await cli(['doctor', `${server.url}/users`, '--cacert', caFile]);
    const wide = stdout.split('\n').filter((line) => line.length > 80);
    expect(wide.every((line) => line.startsWith(`  bulkfetch '${server.url}/users'`))).toBe(true);
    expect(stdout).toMatch(
      /^GET https:.*\/users\n200 over HTTP\/1\.1, application\/json, .* compressed by br\n/,
    );
    for (const phase of ['connect', 'tls', 'wait', 'download', 'total']) {
      expect(stdout).toMatch(new RegExp(`^  ${phase} +[\\d.]+ m?s`, 'm'));
    }
    expect(stdout).toMatch(/^  conditional {3}yes: by ETag, answered with 304$/m);
    expect(stdout).toMatch(/^  GET \/users +If-None-Match +304 +[\d.]+ ms  reused$/m);
  });
});

describe('the ready command', () => {
  it('runs as it stands', async () => {
    await using server = await tlsServer('good', ableRoutes);
    const { found } = await doctor(`${server.url}/users`, '--cacert', caFile, '-H', "X-Name: it's me");
    const { status, stdout } = await shell(`${found.command} --limit 1 --max-pages 1 -q`);
    expect({ status, ok: lines(stdout).map(({ ok }) => ok) }).toEqual({ status: 0, ok: [true] });
    expect(server.received.at(-1)?.headers['x-name']).toBe("it's me");
  });

  it('has -c by Little’s law', async () => {
    await using server = await scriptedServer({ '/a': {} });
    const { found } = await doctor(`${server.url}/a`);
    const [, lanes] = /-c (\d+)/.exec(found.command ?? '') ?? [];
    expect(Number(lanes)).toBe(Math.max(1, Math.ceil((100 * Math.max(0.1, found.latencyMs ?? 0)) / 1000)));
  });

  it('shows no secret', async () => {
    await using server = await scriptedServer({ '/a': {} });
    const { found } = await doctor(
      server.url.replace('//', '//me:hush1@') + '/a',
      '-H',
      'X-Api-Key: hush2',
      '-b',
      'a=hush3',
    );
    expect(JSON.stringify(found)).not.toContain('hush');
    expect(found).toMatchObject({ commandIsMasked: true });
    expect(server.received[0]?.headers).toMatchObject({ 'x-api-key': 'hush2', cookie: 'a=hush3' });
  });
});

describe('redirects', () => {
  it('are followed one by one, and named', async () => {
    await using server = await scriptedServer({
      '/a': { status: 301, headers: { Location: '/b' } },
      '/b': { status: 308, headers: { Location: '/users' } },
      '/users': able,
    });
    const { found } = await doctor(`${server.url}/a`);
    expect(found.redirects).toEqual([
      { status: 301, to: `${server.url}/b` },
      { status: 308, to: `${server.url}/users` },
    ]);
    expect(found.movedTo).toBe(`${server.url}/users`);
    expect(found.command).toContain(`'${server.url}/users'`);
    expect(found.phases).toHaveProperty('connect');
  });

  it('to another host take no credentials there, in no request', async () => {
    await using server = await tlsServer('good', ableRoutes);
    await using first = await scriptedServer({
      '/a': { status: 301, headers: { Location: `https://localhost:${server.port}/users` } },
    });
    const secrets = ['-u', 'me:hush', '-H', 'X-Api-Key: hush', '-H', 'Cookie: a=hush'];
    const { found } = await doctor(`${first.url}/a`, '--cacert', caFile, ...secrets);
    expect(server.received.length).toBeGreaterThan(4);
    expect(JSON.stringify(server.received)).not.toContain('hush');
    expect(first.received[0]?.headers).toMatchObject({ 'x-api-key': 'hush', cookie: 'a=hush' });
    // Nor does the command say to send them there.
    expect(found.command).toContain(`'${first.url}/a'`);
  });
});

describe('what is not there', () => {
  it('is no', async () => {
    await using server = await scriptedServer({
      '/a': (_, response) => void response.setHeader('Connection', 'close').end('hello'),
    });
    const { status, found } = await doctor(`${server.url}/a`);
    expect(status).toBe(0);
    expect(verdicts(found)).toMatchObject({
      certificate: 'none',
      keepAlive: 'no',
      http2: 'not told',
      compression: 'no',
      ranges: 'no',
      conditional: 'no',
      rateLimit: 'not told',
      robots: 'allowed',
      pages: 'no',
    });
    expect(found.findings.keepAlive.detail).toContain('Connection: close');
    expect(found.advice.find(({ flag }) => flag.startsWith('-c'))?.reason).toContain('connecting included');
  });

  it('is no where the server only says that it could', async () => {
    await using server = await scriptedServer({
      '/a': { headers: { ETag: '"1"', 'Accept-Ranges': 'bytes' }, body: 'hello' },
    });
    const { found } = await doctor(`${server.url}/a`);
    expect(verdicts(found)).toMatchObject({ ranges: 'no', conditional: 'no' });
    expect(found.findings.ranges.detail).toContain('although it says Accept-Ranges: bytes');
  });
});

it('HTTP/2 is chosen by ALPN: --http2 suits, and when it is there already it is not said again', async () => {
  await using server = await http2Server(answering(), { allowHTTP1: true });
  const { found } = await doctor(server.url, '--cacert', caFile);
  expect([found.answer?.httpVersion, verdicts(found)['http2']]).toEqual(['1.1', 'yes']);
  expect(found.advice.map(({ flag }) => flag)).toContain('--http2');
  const { found: again } = await doctor(server.url, '--cacert', caFile, '--http2');
  expect([again.answer?.httpVersion, verdicts(again)['http2']]).toEqual(['2', 'yes']);
  expect(again.advice.map(({ flag }) => flag)).not.toContain('--http2');
});

it('--proxy and --resolve are gone by, and named', async () => {
  await using server = await scriptedServer({ '/a': {} });
  await using proxy = await httpProxy();
  const { found } = await doctor(`http://away.invalid:${server.port}/a`, '-x', `http://${proxy.host}`);
  expect(found).toMatchObject({ ok: true, findings: { proxy: { verdict: `http://${proxy.host}` } } });
  expect(verdicts(found)['address']).toBe('not told');
  const pinned = await doctor(
    `http://away.invalid:${server.port}/a`,
    '--resolve',
    `*:${server.port}:127.0.0.1`,
  );
  expect(pinned.found).toMatchObject({ ok: true, addresses: ['127.0.0.1'] });
});

it('nothing that a server says can move the cursor', async () => {
  await using server = await scriptedServer({
    '/a': { headers: { Server: 'a\u009b31m', 'X-RateLimit-Limit': '\u009b5A' }, body: 'x' },
  });
  const { stdout } = await cli(['doctor', `${server.url}/a`]);
  expect(stdout).toContain(String.raw`\u{9b}31m`);
  expect(stdout).not.toMatch(/[^\P{Cc}\n]/u);
});
