import { describe, expect, it } from 'vitest';
import { end, forever, inTurn, onRequest, reset, resetAfterBytes, send } from '../../servers/acts.ts';
import * as answer from '../../servers/answers.ts';
import { requestHeads } from '../../servers/heads.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { rawServer, type Act } from '../../servers/raw.ts';
import { scriptedServer } from '../../servers/scripted.ts';
import { until } from '../../servers/until.ts';
import { fetchAll, paths } from './fetching.ts';
import { sendCut } from './pieces.ts';

failOnLeaks();

const { head, whole } = answer;
const cutChunks = answer.chunked(['hello'], '5\r\nwor');
const closing = (text: string) => text.replace('\r\n', '\r\nConnection: close\r\n');

const broken: [string, Act, code: string][] = [
  ['reset before a byte', reset(), 'CONNECTION_RESET'],
  ['closed before a byte', end(), 'CONNECTION_CLOSED'],
  ['reset in the head', inTurn(send('HTTP/1.1 200 OK\r\nX-A'), reset()), resetAfterBytes],
  ['closed in the head', inTurn(send('HTTP/1.1 200 OK\r\nX-A'), end()), 'CONNECTION_CLOSED'],
  [
    'closed after 103 Early Hints',
    inTurn(send('HTTP/1.1 103 Early Hints\r\n\r\n'), end()),
    'CONNECTION_CLOSED',
  ],
  ['reset in the body', inTurn(send(answer.truncated('he', 3)), reset()), resetAfterBytes],
  ['closed in the body', inTurn(send(answer.truncated('he', 3)), end()), 'CONNECTION_CLOSED'],
  ['closed in the chunks', inTurn(send(cutChunks), end()), 'CONNECTION_CLOSED'],
  ['closed after the chunks', inTurn(send(answer.chunked(['hello'], '')), end()), 'CONNECTION_CLOSED'],
  [
    'closed in the body, as announced',
    inTurn(send(closing(answer.truncated('he', 3))), end()),
    'CONNECTION_CLOSED',
  ],
  ['closed in the chunks, as announced', inTurn(send(closing(cutChunks)), end()), 'CONNECTION_CLOSED'],
];

const malformed: [string, string][] = [
  ['no HTTP', 'hello\r\n\r\n'],
  ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ['no status', 'HTTP/1.1 OK\r\n\r\n'],
  ['a status of 4 digits', 'HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n'],
  ['a length that is no number', answer.badLength('hello', 'five')],
  ['a negative length', answer.badLength('hello', '-5')],
  ['two lengths', `${head(['Content-Length: 5', 'Content-Length: 6'])}hello`],
  ['length and chunks', answer.chunked(['hello']).replace('\r\n', '\r\nContent-Length: 5\r\n')],
  ['a chunk size that is no number', `${head(['Transfer-Encoding: chunked'])}xyz\r\nhello\r\n0\r\n\r\n`],
  ['a chunk longer than its size', `${head(['Transfer-Encoding: chunked'])}3\r\nhello\r\n0\r\n\r\n`],
  ['a field without a colon', whole('hello', ['no colon'])],
  ['a space before the colon', whole('hello', ['X-A : 1'])],
  ['a NUL in a field', whole('hello', ['X-A: \0'])],
  [
    '101 Switching Protocols',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
  ],
];

const oversized: [string, Act][] = [
  ['a field of 17 KiB', send(answer.hugeHeaders(17 * 1024))],
  ['many fields', send(whole('', Array<string>(2000).fill('X-Many: field')))],
  ['an endless field', inTurn(send('HTTP/1.1 200 OK\r\nX-Endless: '), forever('x'.repeat(1000), 0))],
];

describe('an answer that is wrong ends its own task only', () => {
  it.each([
    ...broken.map(([name, act, code]) => [name, act, 'reset', code] as const),
    ...malformed.map(([name, bytes]) => [name, send(bytes), 'protocol', 'BAD_RESPONSE'] as const),
    ...oversized.map(([name, act]) => [name, act, 'limit', 'HEADERS_TOO_LARGE'] as const),
  ])('%s', async (_, act, kind, code) => {
    await using server = await rawServer(onRequest(act));
    await using other = await scriptedServer({ '*': { body: 'ok' } });
    const urls = [...paths(server.url, 2), ...paths(other.url, 10)];
    const records = await fetchAll(urls, { concurrency: 4, retry: 0, timeout: '5s' });
    expect(records.slice(0, 2)).toMatchObject([
      { ok: false, attempts: 1, error: { kind, code } },
      { ok: false, attempts: 1, error: { kind, code } },
    ]);
    expect(records.slice(2).every(({ ok, body }) => ok && body === 'ok')).toBe(true);
    await until(() => server.sockets.open === 0);
  });
});

describe('an answer that is only odd is taken', () => {
  it.each([
    ['a field of 15 KiB', answer.hugeHeaders(15 * 1024, 'hello')],
    ['103 Early Hints first', `HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${whole('hello')}`],
    ['102 Processing several times', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(5) + whole('hello')],
    ['no reason phrase', whole('hello').replace('200 OK', '200 ')],
    ['a status nobody knows', whole('hello').replace('200 OK', '299 Odd')],
    ['latin-1 in a field', whole('hello', ['X-A: \u00e9'])],
  ])('%s', async (_, bytes) => {
    await using server = await rawServer(onRequest(send(bytes)));
    const records = await fetchAll(paths(server.url, 3), { concurrency: 1, retry: 0, timeout: '5s' });
    expect(records.map(({ ok, body }) => [ok, body])).toEqual(
      Array.from({ length: 3 }, () => [true, 'hello']),
    );
    expect(server.sockets.total).toBe(1);
  });
});

describe('bytes after an answer are never taken for the next one', () => {
  const wrong = whole('wrong');

  it.each([
    ['another answer', wrong],
    ['garbage', 'garbage'],
    ['empty lines and another answer', `\r\n\r\n${wrong}`],
  ])('in the same packet: %s', async (_, extra) => {
    await using server = await rawServer(onRequest(send(answer.extraBytes('right', extra))));
    const records = await fetchAll(paths(server.url, 5), { concurrency: 1, timeout: '5s' });
    expect(records.map(({ ok, body }) => [ok, body])).toEqual(
      Array.from({ length: 5 }, () => [true, 'right']),
    );
  });

  it('later, on an idle connection', async () => {
    let late: (() => Promise<void>) | undefined;
    await using server = await rawServer(async (socket, connection) => {
      for await (const _ of requestHeads(socket)) {
        await send(whole('right'))(socket, connection);
        late = async () => send(wrong)(socket, connection);
      }
    });
    const slowly = (async function* () {
      yield `${server.url}/0`;
      await until(() => late !== undefined);
      await late!();
      await until(() => server.sockets.open === 0);
      yield `${server.url}/1`;
    })();
    const records = await fetchAll(slowly, { retry: 0 });
    expect(records.map(({ ok, body }) => [ok, body])).toEqual([
      [true, 'right'],
      [true, 'right'],
    ]);
    expect(server.sockets.total).toBe(2);
  });
});

it.each([
  ['a head', ''],
  ['a head after 103 Early Hints', 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'],
])('%s that is cut anywhere is put together, while other connections read', async (_name, before) => {
  const of = (path: string) =>
    before + whole(`body of ${path}`, [`X-Path: ${path}`, 'Content-Type: text/plain']);
  await using server = await rawServer(async (socket, connection) => {
    for await (const request of requestHeads(socket)) {
      const path = /^GET (\S+)/.exec(request)![1]!;
      await sendCut(of(path), [Number(path.slice(1))])(socket, connection);
    }
  });
  const urls = paths(server.url, of('/100').length);
  const records = await fetchAll(urls, { concurrency: 6, retry: 0 });
  for (const [at, { body, headers }] of records.entries()) {
    expect([body, headers?.['x-path']]).toEqual([`body of /${at}`, `/${at}`]);
  }
});
