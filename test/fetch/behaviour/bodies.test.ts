import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordLine } from '../../../src/model/line.ts';
import { forever, onRequest, send } from '../../servers/acts.ts';
import { chunked, head, whole } from '../../servers/answers.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { rawServer } from '../../servers/raw.ts';
import { scriptedServer } from '../../servers/scripted.ts';
import { until } from '../../servers/until.ts';
import { fetchAll, fetchOne, paths } from './fetching.ts';
import { sendCut } from './pieces.ts';

failOnLeaks();

describe('framing', () => {
  it.each<[string, answer: string, text: string]>([
    ['a length', whole('hello'), 'hello'],
    ['chunks', chunked(['he', 'l', 'lo']), 'hello'],
    ['no chunk but the last', chunked([]), ''],
    ['a trailer', chunked(['hello'], '0\r\nX-Sum: 1\r\nX-Other: 2\r\n\r\n'), 'hello'],
    ['a chunk extension', chunked(['hello']).replace('5\r\n', '5;name="a;b"\r\n'), 'hello'],
    ['chunk sizes with zeros', chunked(['hello']).replace('5\r\n', '0005\r\n'), 'hello'],
    ['an empty body', whole(), ''],
  ])('%s, however it is cut', async (_, answer, text) => {
    let cuts: number[] = [];
    await using server = await rawServer(
      onRequest((socket, connection) => sendCut(answer, cuts)(socket, connection)),
    );
    const anyCuts = fc.uniqueArray(fc.integer({ min: 1, max: answer.length - 1 }), { maxLength: 6 });
    const property = fc.asyncProperty(anyCuts, async (some) => {
      cuts = some.toSorted((a, b) => a - b);
      const records = await fetchAll(paths(server.url, 2), { concurrency: 1, retry: 0, body: 'text' });
      expect(records.map(({ ok, bytes }) => [ok, bytes])).toEqual([
        [true, text.length],
        [true, text.length],
      ]);
      expect(records.map(({ body }) => body ?? '')).toEqual([text, text]);
    });
    await fc.assert(property, { numRuns: 25 });
  });

  it('the end of the connection', async () => {
    await using server = await rawServer(
      onRequest(send(`${head(['Connection: close'])}hello`), (socket) => void socket.end()),
    );
    expect(await fetchOne(server.url, { retry: 0 })).toMatchObject({ ok: true, body: 'hello', bytes: 5 });
  });

  it.each([
    ['204', 'GET', head([], '204 No Content')],
    ['304', 'GET', head(['ETag: "x"'], '304 Not Modified')],
    ['HEAD with a length', 'HEAD', head(['Content-Length: 1000'])],
    ['HEAD with chunks', 'HEAD', head(['Transfer-Encoding: chunked'])],
    ['a length of 0', 'GET', whole()],
  ])('no body: %s', async (_, method, answer) => {
    await using server = await rawServer(onRequest(send(answer)));
    const records = await fetchAll(paths(server.url, 3), { method, concurrency: 1, retry: 0, timeout: '5s' });
    expect(records.map(({ ok, bytes, body }) => [ok, bytes, body])).toEqual(
      Array.from({ length: 3 }, () => [true, 0, undefined]),
    );
    expect(server.sockets.total).toBe(1);
  });
});

describe('--max-body', () => {
  it('is the longest body kept, and what is longer is cut off', async () => {
    await using server = await scriptedServer({
      '/1000': { body: 'x'.repeat(1000) },
      '/1001': { body: 'x'.repeat(1001) },
      '/404': { status: 404, body: 'x'.repeat(1001) },
    });
    const urls = ['/1000', '/1001', '/404'].map((path) => server.url + path);
    expect(await fetchAll(urls, { maxBody: 1000, concurrency: 1 })).toMatchObject([
      { ok: true, bytes: 1000 },
      { ok: false, status: 200, content: undefined, error: { kind: 'limit', code: 'BODY_TOO_LARGE' } },
      { ok: false, status: 404, content: undefined },
    ]);
  });

  it('ends an endless body, and its connection', async () => {
    await using server = await rawServer(
      onRequest(send(head(['Transfer-Encoding: chunked'])), forever(`400\r\n${'x'.repeat(1024)}\r\n`, 0)),
    );
    const record = await fetchOne(server.url, { maxBody: 100_000 });
    expect(record).toMatchObject({ ok: false, attempts: 1, error: { code: 'BODY_TOO_LARGE' } });
    await until(() => server.sockets.open === 0);
  });
});

describe('--body', () => {
  const json = { headers: { 'content-type': 'application/json' }, body: '{"a":[1]}' };
  const plain = { headers: { 'content-type': 'text/plain' }, body: 'a "b"' };
  const bytes = { headers: { 'content-type': 'image/png' }, body: Uint8Array.of(0x89, 0, 0xff) };

  it.each([
    ['auto', { a: [1] }, 'a "b"', 'iQD/'],
    ['text', '{"a":[1]}', 'a "b"', '‰\0ÿ'],
    ['json', { a: [1] }, 'a "b"', '‰\0ÿ'],
    ['base64', 'eyJhIjpbMV19', 'YSAiYiI=', 'iQD/'],
    ['none', undefined, undefined, undefined],
  ] as const)('%s', async (body, ...expected) => {
    await using server = await scriptedServer({ '/json': json, '/plain': plain, '/bytes': bytes });
    const urls = ['/json', '/plain', '/bytes'].map((path) => server.url + path);
    const records = await fetchAll(urls, { body });
    expect(records.map((record) => record.body)).toEqual(expected);
    expect(records.map((record) => record.bytes)).toEqual([9, 5, 3]);
    expect(records[2]!.bodyEncoding).toBe(body === 'auto' || body === 'base64' ? 'base64' : undefined);
  });

  it('auto keeps every digit of JSON numbers, in the output line', async () => {
    const text = '{"id":12345678901234567890,"price":1.10,"tiny":1e-400}';
    await using server = await scriptedServer({ '*': { ...json, body: text } });
    expect(recordLine(await fetchOne(server.url))).toContain(`,"body":${text},`);
  });

  it('keeps bodies of one read each apart, in the memory that all reads share', async () => {
    await using server = await scriptedServer({
      '*': ({ target }) => ({ ...bytes, body: target.repeat(50) }),
    });
    const records = await fetchAll(paths(server.url, 300), { body: 'base64', concurrency: 8 });
    for (const { url, body } of records) {
      expect(Buffer.from(String(body), 'base64').toString()).toBe(new URL(url).pathname.repeat(50));
    }
  });
});
