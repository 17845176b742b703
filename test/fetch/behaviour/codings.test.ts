import { randomBytes } from 'node:crypto';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { failOnLeaks } from '../../servers/leaks.ts';
import { scriptedServer } from '../../servers/scripted.ts';
import { fetchAll, fetchOne, paths } from './fetching.ts';

failOnLeaks();

const text = 'héllo '.repeat(200);
const textHeaders = { 'content-type': 'text/plain; charset=utf-8' };
const encoded = (encoding: string | string[], body: Uint8Array) => ({
  headers: { ...textHeaders, 'content-encoding': encoding },
  body,
});

describe('Content-Encoding', () => {
  it.each<[string | string[], (bytes: Buffer) => Buffer]>([
    ['identity', (bytes) => bytes],
    ['gzip', zlib.gzipSync],
    ['x-gzip', zlib.gzipSync],
    ['deflate', zlib.deflateSync],
    ['deflate', zlib.deflateRawSync],
    ['br', zlib.brotliCompressSync],
    ['zstd', zlib.zstdCompressSync],
    ['GZIP', zlib.gzipSync],
    ['gzip, br', (bytes) => zlib.brotliCompressSync(zlib.gzipSync(bytes))],
    [['deflate', 'gzip, zstd'], (bytes) => zlib.zstdCompressSync(zlib.gzipSync(zlib.deflateSync(bytes)))],
  ])('%s is undone', async (encoding, encode) => {
    await using server = await scriptedServer({ '*': encoded(encoding, encode(Buffer.from(text))) });
    const record = await fetchOne(server.url);
    expect(record).toMatchObject({ ok: true, body: text, bytes: Buffer.byteLength(text) });
  });

  it('is asked for', async () => {
    await using server = await scriptedServer({ '*': {} });
    await fetchOne(server.url);
    expect(server.received[0]?.headers['accept-encoding']).toBe('gzip, deflate, br, zstd');
  });

  it('of large bodies is undone off the loop, while the lanes go on', async () => {
    const bodies = new Map(
      paths('', 12).map((path) => [path, `${path} ${randomBytes(400_000).toString('base64')}`]),
    );
    await using server = await scriptedServer({
      '*': ({ target }) => encoded('gzip', zlib.gzipSync(bodies.get(target)!, { level: 1 })),
    });
    const records = await fetchAll(paths(server.url, 12), { concurrency: 2 });
    for (const { url, ok, body, bytes } of records) {
      const expected = bodies.get(new URL(url).pathname)!;
      expect([ok, bytes]).toEqual([true, expected.length]);
      expect(body === expected).toBe(true);
    }
  });

  it('does not apply to an answer without a body', async () => {
    await using server = await scriptedServer({
      '/empty': encoded('gzip', new Uint8Array()),
      '/head': encoded('gzip', zlib.gzipSync(text)),
    });
    expect(await fetchOne(`${server.url}/empty`)).toMatchObject({ ok: true, bytes: 0 });
    expect(await fetchOne(`${server.url}/head`, { method: 'HEAD' })).toMatchObject({ ok: true, bytes: 0 });
  });
});

const small = zlib.gzipSync(text);
const large = zlib.gzipSync(randomBytes(400_000));
/** Much on the wire, and much more behind it. */
const largeBomb = zlib.gzipSync(Buffer.concat([randomBytes(300_000), Buffer.alloc(4_000_000)]));

describe('a coding that cannot be undone', () => {
  it.each([
    ['cut off', encoded('gzip', small.subarray(0, -20)), 'protocol', 'DECODE_FAILED'],
    ['cut off and large', encoded('gzip', large.subarray(0, -20)), 'protocol', 'DECODE_FAILED'],
    ['not what it says', encoded('br', Buffer.from(text)), 'protocol', 'DECODE_FAILED'],
    [
      'damaged',
      encoded('gzip', Buffer.concat([small.subarray(0, 30), small.subarray(31)])),
      'protocol',
      'DECODE_FAILED',
    ],
    ['unknown', encoded('compress', small), 'protocol', 'UNSUPPORTED_ENCODING'],
    ['a bomb', encoded('gzip', zlib.gzipSync(Buffer.alloc(4_000_000))), 'limit', 'BODY_TOO_LARGE'],
    ['a large bomb', encoded('gzip', largeBomb), 'limit', 'BODY_TOO_LARGE'],
    [
      'a bomb in a bomb',
      encoded('gzip, gzip', zlib.gzipSync(zlib.gzipSync(Buffer.alloc(400_000_000)))),
      'limit',
      'BODY_TOO_LARGE',
    ],
  ])('%s', async (_, answer, kind, code) => {
    await using server = await scriptedServer({ '/bad': answer, '*': { body: 'ok' } });
    const urls = [`${server.url}/bad`, ...paths(server.url, 5)];
    const [bad, ...others] = await fetchAll(urls, { maxBody: 1_000_000, concurrency: 1 });
    expect(bad).toMatchObject({ ok: false, status: 200, attempts: 1, error: { kind, code } });
    expect(bad!.content).toBeUndefined();
    expect(others.every(({ ok, body }) => ok && body === 'ok')).toBe(true);
  });

  it('leaves the failure of a status what it is', async () => {
    await using server = await scriptedServer({
      '*': { ...encoded('gzip', Buffer.from('no')), status: 404 },
    });
    expect(await fetchOne(server.url)).toMatchObject({
      ok: false,
      status: 404,
      error: { code: 'HTTP_STATUS' },
    });
  });
});
