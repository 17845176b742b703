import type { ServerHttp2Stream } from 'node:http2';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { answering, http2Server, type OnStream } from '../../servers/http2.ts';
import { createLatch } from '../../servers/latch.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { caFile } from '../../servers/tls.ts';
import { until } from '../../servers/until.ts';
import { collect, fetchAll, fetchOne, paths, start, type Settings } from '../behaviour/fetching.ts';

failOnLeaks();

const http2: Settings = { http2: true, cacert: caFile, retry: 0 };

/** Answers with what was sent. */
const echo: OnStream = async (stream, headers) => {
  const { length } = await buffer(stream);
  stream.respond({ ':status': 200, 'content-type': 'application/json' });
  stream.end(JSON.stringify({ ...headers, length }));
};

describe('a request', () => {
  it('has its fields in lower case, Host as :authority, and none of HTTP/1.1 connections', async () => {
    await using server = await http2Server(echo);
    const header = [
      'Host: example.com',
      'X-Two: a',
      'X-Two: b',
      'User-Agent: me',
      'User-Agent: again',
      'Cookie: a=1',
      'Cookie: b=2',
      'X-Latin: café',
      'Proxy-Connection: keep-alive',
    ];
    const { body } = await fetchOne(`${server.url}/a?b`, { ...http2, header });
    expect(body).toEqual({
      ':method': 'GET',
      ':scheme': 'https',
      ':authority': 'example.com',
      ':path': '/a?b',
      accept: '*/*',
      'accept-encoding': 'gzip, deflate, br, zstd',
      'user-agent': 'me, again',
      cookie: 'a=1; b=2',
      'x-two': 'a, b',
      'x-latin': 'café',
      length: 0,
    });
  });

  it.each([
    ['POST', 'hello', { 'content-length': '5', length: 5 }],
    ['POST', undefined, { 'content-length': '0', length: 0 }],
    ['DELETE', 'x', { 'content-length': '1', length: 1 }],
  ])('%s with the body %s', async (method, data, expected) => {
    await using server = await http2Server(echo);
    const { body } = await fetchOne(server.url, { ...http2, method, ...(data !== undefined && { data }) });
    expect(body).toMatchObject({ ':method': method, ...expected });
  });

  it('is sent to the server that a redirect names, with what it may know', async () => {
    await using other = await http2Server(echo);
    await using server = await http2Server((stream, headers) => {
      if (headers[':path'] === '/away') {
        stream.respond({ ':status': 302, location: `${other.url}/there` }, { endStream: true });
      } else {
        stream.respond({ ':status': 307, location: '/away' }, { endStream: true });
      }
    });
    const record = await fetchOne(server.url, { ...http2, header: ['X-Secret: 1'] });
    expect(record).toMatchObject({ ok: true, httpVersion: '2', finalUrl: `${other.url}/there` });
    expect(record.body).not.toHaveProperty('x-secret');
  });
});

describe('an answer', () => {
  it('has its header fields in the form of HTTP/1.1', async () => {
    await using server = await http2Server((stream) => {
      stream.respond({ ':status': 201, 'Set-Cookie': ['a=1', 'b=2'], etag: '"x"', 'x-latin': 'caf\u00e9' });
      stream.end();
    });
    const { status, headers } = await fetchOne(server.url, http2);
    expect(status).toBe(201);
    expect(headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'], etag: '"x"', 'x-latin': 'caf\u00e9' });
    expect(headers).not.toHaveProperty(':status');
  });

  it('is decompressed', async () => {
    await using server = await http2Server((stream) => {
      stream.respond({ ':status': 200, 'content-type': 'text/plain', 'content-encoding': 'gzip' });
      stream.end(gzipSync('hello'));
    });
    expect(await fetchOne(server.url, http2)).toMatchObject({ ok: true, body: 'hello', bytes: 5 });
  });

  it.each([
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
  ])('to %s with %i has no body', async (method, status) => {
    await using server = await http2Server((stream) => {
      stream.respond(
        { ':status': status, ...(method === 'HEAD' && { 'content-length': 1000 }) },
        { endStream: true },
      );
    });
    expect(await fetchOne(server.url, { ...http2, method })).toMatchObject({ ok: true, status, bytes: 0 });
  });

  it('may have 1xx before it, and trailers after it', async () => {
    await using server = await http2Server((stream) => {
      stream.additionalHeaders({ ':status': 103, link: '</a>; rel=preload' });
      stream.respond({ ':status': 200, 'content-type': 'text/plain' }, { waitForTrailers: true });
      stream.once('wantTrailers', () => stream.sendTrailers({ 'x-trailer': 'a' }));
      stream.end('hello');
    });
    const record = await fetchOne(server.url, http2);
    expect(record).toMatchObject({ ok: true, status: 200, body: 'hello' });
    expect(record.headers).not.toHaveProperty('x-trailer');
  });

  it('that is too long is cut off, and the others are not', async () => {
    await using server = await http2Server((stream, headers, nth) =>
      headers[':path'] === '/0'
        ? answering('x'.repeat(200_000))(stream, headers, nth)
        : answering()(stream, headers, nth),
    );
    const records = await fetchAll(paths(server.url, 50), { ...http2, concurrency: 5, maxBody: 1000 });
    expect(records.map(({ ok, error }) => ok || error?.code)).toEqual([
      'BODY_TOO_LARGE',
      ...Array(49).fill(true),
    ]);
    expect(server.sockets.total).toBe(1);
  });

  it.each([17, 60, 100])('with a head of more than 16 KiB fails (%i KB)', async (size) => {
    const huge = Object.fromEntries(paths('', size).map((path) => [`x${path.slice(1)}`, 'x'.repeat(1000)]));
    await using server = await http2Server((stream) => stream.respond({ ':status': 200, ...huge }), {
      maxSendHeaderBlockLength: 1_000_000,
    });
    expect(await fetchOne(server.url, http2)).toMatchObject({
      ok: false,
      error: { code: 'HEADERS_TOO_LARGE' },
    });
  });

  it('may have very many fields', async () => {
    await using server = await http2Server((stream) => {
      stream.respond({
        ':status': 200,
        ...Object.fromEntries(paths('x', 800).map((name) => [name.replace('/', ''), '1'])),
      });
      stream.end();
    });
    expect(await fetchOne(server.url, http2)).toMatchObject({ ok: true });
  });
});

describe('large bodies', () => {
  it('come and go on one socket, many at once', async () => {
    const size = 2 * 1024 * 1024;
    const sent = 'x'.repeat(size);
    await using server = await http2Server(async (stream, headers, nth) =>
      answering(await buffer(stream))(stream, headers, nth),
    );
    const records = await fetchAll(paths(server.url, 30), { ...http2, concurrency: 15, data: sent });
    expect(records.filter(({ body }) => body === sent)).toHaveLength(30);
    expect(server.sockets.total).toBe(1);
  });

  it('that the server does not want do not harm what comes after them', async () => {
    await using server = await http2Server((stream) => {
      stream.respond({ ':status': 413 });
      stream.end('no');
    });
    const data = 'x'.repeat(5 * 1024 * 1024);
    const records = await fetchAll(paths(server.url, 10), { ...http2, concurrency: 2, data });
    expect(records.map(({ status }) => status)).toEqual(Array(10).fill(413));
    expect(server.sockets.total).toBe(1);
  });
});

describe('a time limit', () => {
  /** Says nothing on `/silent`, and keeps what was asked there. */
  const silence = () => {
    const silent: ServerHttp2Stream[] = [];
    const onStream: OnStream = (stream, headers, nth) =>
      headers[':path'] === '/silent' ? silent.push(stream) : answering()(stream, headers, nth);
    return { silent, onStream };
  };

  it('cancels one stream, and not the others', async () => {
    const { silent, onStream } = silence();
    const latch = createLatch();
    await using server = await http2Server(async (stream, headers, nth) => {
      if (headers[':path'] === '/late') {
        await latch.opened;
      }
      onStream(stream, headers, nth);
    });
    const task = { url: `${server.url}/silent`, timeout: 200 };
    const urls = [`${server.url}/late`, task, ...paths(server.url, 60)];
    const records = fetchAll(urls, { ...http2, concurrency: 3 });
    await until(() => silent[0]?.closed === true);
    latch.open();
    expect((await records).map(({ ok, error }) => ok || error?.code)).toEqual([
      true,
      'TOTAL_TIMEOUT',
      ...Array(60).fill(true),
    ]);
    expect(silent[0]?.rstCode).toBe(8); // CANCEL
    expect(server.sockets.total).toBe(1);
  });

  it('takes the next task to another connection when nothing at all has come over that', async () => {
    await using server = await http2Server(silence().onStream);
    const task = { url: `${server.url}/silent`, timeout: 100 };
    const records = await fetchAll([`${server.url}/1`, task, `${server.url}/2`], {
      ...http2,
      concurrency: 1,
    });
    expect(records.map(({ ok, error }) => ok || error?.code)).toEqual([true, 'TOTAL_TIMEOUT', true]);
    expect(server.sockets.total).toBe(2);
  });
});

describe('the end of a run', () => {
  it('lets what is in flight end', async () => {
    const streams: ServerHttp2Stream[] = [];
    await using server = await http2Server((stream) => void streams.push(stream));
    const run = start(paths(server.url, 100), { ...http2, concurrency: 4 });
    const records = collect(run);
    await until(() => streams.length === 4);
    run.drain();
    for (const stream of streams) {
      stream.respond({ ':status': 200 });
      stream.end('late');
    }
    expect((await records).map(({ ok }) => ok)).toEqual([true, true, true, true]);
    await until(() => server.sockets.open === 0);
  });

  it('may give it up', async () => {
    const streams: ServerHttp2Stream[] = [];
    await using server = await http2Server((stream) => void streams.push(stream));
    const stopping = new AbortController();
    const records = collect(
      start(paths(server.url, 100), { ...http2, concurrency: 4, signal: stopping.signal }),
    );
    await until(() => streams.length === 4);
    stopping.abort(new Error('stopped'));
    await expect(records).rejects.toThrow('stopped');
    await until(() => server.sockets.open === 0);
  });

  it('does not wait for a server that reads nothing', async () => {
    await using server = await http2Server((stream) => void stream.pause());
    const record = fetchOne(server.url, { ...http2, timeout: 200, data: 'x'.repeat(20 * 1024 * 1024) });
    expect(await record).toMatchObject({ error: { code: 'TOTAL_TIMEOUT' } });
  });
});
