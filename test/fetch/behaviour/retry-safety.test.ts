import { describe, expect, it } from 'vitest';
import { byConnection, end, inTurn, onRequest, reset, resetAfterBytes, send } from '../../servers/acts.ts';
import { chunked, truncated, whole } from '../../servers/answers.ts';
import { requestHeads } from '../../servers/heads.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { rawServer, type Act } from '../../servers/raw.ts';
import { until } from '../../servers/until.ts';
import { fetchAll, fetchOne, paths, type Settings } from './fetching.ts';

failOnLeaks();

const closing = (text: string) => text.replace('\r\n', '\r\nConnection: close\r\n');
const answering = onRequest(send(whole('ok')));

describe('a request that may have arrived', () => {
  const post: Settings = { method: 'POST', data: 'x=1' };

  describe.each([
    ['reset without an answer', onRequest(reset()), 'CONNECTION_RESET'],
    ['reset in the answer', onRequest(send(truncated('he', 3)), reset()), resetAfterBytes],
    ['closed in the answer', onRequest(send(truncated('he', 3)), end()), 'CONNECTION_CLOSED'],
    [
      'closed in an answer that says so',
      onRequest(send(closing(truncated('he', 3))), end()),
      'CONNECTION_CLOSED',
    ],
    ['closed in chunks', onRequest(send(closing(chunked(['he'], ''))), end()), 'CONNECTION_CLOSED'],
  ])('and was %s', (_, failing, code) => {
    it.each<[string, Settings]>([
      ['GET', {}],
      ['PUT', { method: 'PUT', data: 'x=1' }],
      ['DELETE', { method: 'DELETE' }],
      ['POST with an Idempotency-Key', { ...post, header: ['Idempotency-Key: 7'] }],
      ['POST with --retry-unsafe', { ...post, retryUnsafe: true }],
    ])('%s is retried', async (_, settings) => {
      await using server = await rawServer(byConnection(failing, answering));
      expect(await fetchOne(server.url, settings)).toMatchObject({ ok: true, attempts: 2, body: 'ok' });
    });

    it.each(['POST', 'PATCH'])('%s is not', async (method) => {
      await using server = await rawServer(byConnection(failing, answering));
      const record = await fetchOne(server.url, { ...post, method });
      expect(record).toMatchObject({ ok: false, attempts: 1, error: { kind: 'reset', code } });
      expect(server.sockets.total).toBe(1);
    });
  });

  it('POST is not sent again after an answer that asks for it', async () => {
    const busy = whole('busy').replace('200 OK', '503 Busy');
    await using server = await rawServer(byConnection(onRequest(send(busy)), answering));
    expect(await fetchOne(server.url, post)).toMatchObject({ ok: false, status: 503, attempts: 1 });
  });
});

it('a POST that could not be sent is retried', async () => {
  const server = await rawServer(answering);
  await server.close();
  expect(await fetchOne(server.url, { method: 'POST', data: 'x=1' })).toMatchObject({
    ok: false,
    attempts: 4,
    error: { kind: 'connect', code: 'CONNECTION_REFUSED' },
  });
});

describe('a kept connection that dies when the next request comes', () => {
  /** The first connection answers once; its next request kills it. */
  const dying = (death: Act): Act =>
    byConnection(async (socket, connection) => {
      let requests = 0;
      for await (const _ of requestHeads(socket)) {
        await (++requests === 1 ? send(whole('ok')) : death)(socket, connection);
      }
    }, answering);

  it.each([
    ['by a reset', reset()],
    ['by an end', end()],
  ])('%s gives one retry for nothing', async (_, death) => {
    await using server = await rawServer(dying(death));
    const records = await fetchAll(paths(server.url, 3), { concurrency: 1, retry: 0 });
    expect(records.map(({ ok, attempts, body }) => [ok, attempts, body])).toEqual([
      [true, 1, 'ok'],
      [true, 2, 'ok'],
      [true, 1, 'ok'],
    ]);
    expect(server.sockets.total).toBe(2);
  });

  it('gives POST none', async () => {
    await using server = await rawServer(dying(reset()));
    const records = await fetchAll(paths(server.url, 3), { concurrency: 1, retry: 0, method: 'POST' });
    expect(records.map(({ ok, attempts }) => [ok, attempts])).toEqual([
      [true, 1],
      [false, 1],
      [true, 1],
    ]);
  });

  it('gives none after the first bytes of an answer', async () => {
    await using server = await rawServer(dying(inTurn(send('HTTP/1.1 200'), reset())));
    const records = await fetchAll(paths(server.url, 2), { concurrency: 1, retry: 0 });
    expect(records[1]).toMatchObject({ ok: false, attempts: 1, error: { kind: 'reset' } });
  });

  it('gives none on a new connection', async () => {
    await using server = await rawServer(onRequest(reset()));
    expect(await fetchOne(server.url, { retry: 0 })).toMatchObject({ ok: false, attempts: 1 });
  });
});

it('a connection that the server closed while it was idle costs no attempt', async () => {
  await using server = await rawServer(onRequest(send(whole('ok')), end()));
  const slowly = (async function* () {
    yield `${server.url}/0`;
    await until(() => server.sockets.total === 1 && server.sockets.open === 0);
    yield `${server.url}/1`;
  })();
  const records = await fetchAll(slowly, { retry: 0, method: 'POST' });
  expect(records.map(({ ok, attempts }) => [ok, attempts])).toEqual([
    [true, 1],
    [true, 1],
  ]);
});
