import { describe, expect, it } from 'vitest';
import { frames, http2Frames, type OnHeaders } from '../../servers/frames.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { byConnection, onRequest, resetAfterBytes, send } from '../../servers/acts.ts';
import { whole } from '../../servers/answers.ts';
import { rawServer } from '../../servers/raw.ts';
import { fetchAll, fetchOne, paths, type Settings } from '../behaviour/fetching.ts';

failOnLeaks();

const known: Settings = { http2PriorKnowledge: true, retry: 0 };
const [refused, cancelled, protocolError, internalError, calmDown, needsHttp1] = [7, 8, 1, 2, 11, 13];

const ok: OnHeaders = (stream) => [frames.ok(stream), frames.lastData(stream, 'ok')];

it('is spoken to http servers that are known to', async () => {
  await using server = await rawServer(http2Frames(ok));
  const records = await fetchAll(paths(server.url, 50), { ...known, concurrency: 10 });
  expect(records.filter(({ ok, httpVersion }) => ok && httpVersion === '2')).toHaveLength(50);
  expect(server.sockets.total).toBe(1);
});

describe('a stream that ends badly', () => {
  it.each<[string, OnHeaders, object]>([
    [
      'reset',
      (s) => [frames.reset(s, internalError)],
      { code: 'CONNECTION_RESET', message: /INTERNAL_ERROR/ },
    ],
    ['cancelled', (s) => [frames.reset(s, cancelled)], { code: 'CONNECTION_RESET', message: /CANCEL/ }],
    [
      'malformed',
      (s) => [frames.reset(s, protocolError)],
      { code: 'BAD_RESPONSE', message: /PROTOCOL_ERROR/ },
    ],
    [
      'reset in its middle',
      (s) => [frames.ok(s), frames.data(s, 'ha'), frames.reset(s, internalError)],
      { code: 'CONNECTION_RESET', message: /INTERNAL_ERROR/ },
    ],
    [
      'ended in its middle as if nothing were wrong',
      (s) => [frames.ok(s), frames.data(s, 'ha'), frames.reset(s, 0)],
      { code: 'CONNECTION_CLOSED', message: /before it was whole/ },
    ],
    [
      'shorter than its length',
      (s) => [frames.fields(s, { 'content-length': '5' }), frames.lastData(s, 'ha')],
      { code: 'BAD_RESPONSE', message: /PROTOCOL_ERROR/ },
    ],
    [
      'with a field of HTTP/1.1 connections',
      (s) => [frames.fields(s, { connection: 'close' }), frames.lastData(s, 'ha')],
      { code: 'BAD_RESPONSE', message: /PROTOCOL_ERROR/ },
    ],
    ['refused', (s) => [frames.reset(s, refused)], { code: 'CONNECTION_RESET', message: /REFUSED_STREAM/ }],
  ])('%s', async (_, answer, { code, message }: { code?: string; message?: RegExp }) => {
    await using server = await rawServer(http2Frames(answer));
    const record = await fetchOne(server.url, known);
    expect(record).toMatchObject({ ok: false, error: { code } });
    expect(record.error?.message).toMatch(message!);
  });

  it('leaves the session to the others', async () => {
    await using server = await rawServer(
      http2Frames((stream, nth, socket) =>
        nth === 3 ? [frames.reset(stream, internalError)] : ok(stream, nth, socket),
      ),
    );
    const records = await fetchAll(paths(server.url, 40), { ...known, concurrency: 4 });
    expect(records.filter(({ ok }) => ok)).toHaveLength(39);
    expect(server.sockets.total).toBe(1);
  });
});

describe('what the server did nothing of is sent again for nothing, whatever it is', () => {
  const post: Settings = { ...known, method: 'POST', data: 'x' };

  it('a stream that it refuses', async () => {
    await using server = await rawServer(
      http2Frames((stream, nth, socket) =>
        nth === 1 ? [frames.reset(stream, refused)] : ok(stream, nth, socket),
      ),
    );
    expect(await fetchOne(server.url, post)).toMatchObject({ ok: true, attempts: 2 });
    expect(server.sockets.total).toBe(1);
  });

  it.each([0, calmDown])('streams beyond the last of a GOAWAY (code %i)', async (code) => {
    // The first connection answers four requests, and says then that it has seen no more.
    const first: OnHeaders = (stream, nth, socket) =>
      nth <= 4 ? ok(stream, nth, socket) : nth === 10 ? [frames.goaway(7, code)] : undefined;
    await using server = await rawServer(byConnection(http2Frames(first), http2Frames(ok)));
    const records = await fetchAll(paths(server.url, 40), { ...post, concurrency: 6 });
    expect(records.filter(({ ok }) => ok)).toHaveLength(40);
    expect(records.filter(({ attempts }) => attempts === 2)).toHaveLength(6);
    expect(server.sockets.total).toBe(2);
  });

  it('but not what it may have seen', async () => {
    const first: OnHeaders = (stream) => [frames.goaway(stream, calmDown)];
    await using server = await rawServer(byConnection(http2Frames(first), http2Frames(ok)));
    const record = await fetchOne(server.url, { ...post, retry: 3 });
    expect(record).toMatchObject({ ok: false, attempts: 1, error: { code: 'CONNECTION_RESET' } });
    expect(record.error?.message).toContain('ENHANCE_YOUR_CALM');
  });

  it('over HTTP/1.1, if that is what it wants', async () => {
    const first = http2Frames((stream) => [frames.reset(stream, needsHttp1)]);
    await using server = await rawServer(byConnection(first, onRequest(send(whole('ok')))));
    const records = await fetchAll(paths(server.url, 10), { ...post, concurrency: 3 });
    expect(records.filter(({ ok, httpVersion }) => ok && httpVersion === undefined)).toHaveLength(10);
  });
});

describe('a session that ends', () => {
  it('lets what is under way end after a GOAWAY', async () => {
    const first: OnHeaders = (stream) => [
      frames.goaway(stream, 0),
      frames.ok(stream),
      frames.lastData(stream, 'ok'),
    ];
    await using server = await rawServer(http2Frames(first));
    const records = await fetchAll(paths(server.url, 10), { ...known, concurrency: 1 });
    expect(records.filter(({ ok, attempts }) => ok && attempts === 1)).toHaveLength(10);
    expect(server.sockets.total).toBe(10);
  });

  it('without a word fails what is under way', async () => {
    await using server = await rawServer(http2Frames((_, __, socket) => void socket.end()));
    const records = await fetchAll(paths(server.url, 4), { ...known, concurrency: 2 });
    expect(records.map(({ error }) => error?.code)).toEqual(Array(4).fill('CONNECTION_CLOSED'));
  });

  it('with a reset fails it', async () => {
    await using server = await rawServer(http2Frames((_, __, socket) => void socket.resetAndDestroy()));
    expect(await fetchOne(server.url, known)).toMatchObject({ error: { code: resetAfterBytes } });
  });

  it('after an answer is replaced, for nothing', async () => {
    const first: OnHeaders = (stream, nth, socket) =>
      nth === 1 ? ok(stream, nth, socket) : void socket.end();
    await using server = await rawServer(byConnection(http2Frames(first), http2Frames(ok)));
    const records = await fetchAll(paths(server.url, 6), { ...known, concurrency: 1 });
    expect(records.map(({ ok }) => ok)).toEqual(Array(6).fill(true));
    expect(server.sockets.total).toBe(2);
  });

  it('because what it says is not HTTP/2', async () => {
    await using server = await rawServer(onRequest(send(whole('HTTP/1.1'))));
    const record = await fetchOne(server.url, known);
    expect(record).toMatchObject({ ok: false, error: { code: 'BAD_RESPONSE' } });
    expect(record.error?.message).toContain('not valid HTTP/2');
  });
});
