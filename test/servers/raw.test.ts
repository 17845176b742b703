import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import * as act from './acts.ts';
import * as answer from './answers.ts';
import { failOnLeaks } from './leaks.ts';
import { rawServer, type RawServer } from './raw.ts';
import { until } from './until.ts';

failOnLeaks();

const get = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

/** A client: what came so far, and how it ended. */
async function open(server: RawServer) {
  const socket: Socket = connect(server.port, '127.0.0.1');
  let text = '';
  let ending: string | undefined;
  socket.on('data', (chunk) => (text += chunk.toString('latin1')));
  socket.on('end', () => (ending ??= 'FIN'));
  socket.on('error', (error: NodeJS.ErrnoException) => (ending = error.code));
  await once(socket, 'connect');
  return {
    socket,
    text: () => text,
    ending: () => ending,
  };
}

/** Sends one request; what came until the end of the connection, and how that ended. */
async function exchange(server: RawServer): Promise<[string, string | undefined]> {
  const client = await open(server);
  client.socket.write(get);
  await until(() => client.socket.closed);
  return [client.text(), client.ending()];
}

describe('acts', () => {
  it.each([
    ['end', act.onRequest(act.send('abc'), act.end()), 'abc', 'FIN'],
    ['reset', act.onRequest(act.send('abc'), act.reset()), 'abc', 'ECONNRESET'],
    ['reset at once', act.onRequest(act.reset()), '', 'ECONNRESET'],
    ['drip', act.onRequest(act.drip('abc', 1), act.end()), 'abc', 'FIN'],
  ])('%s', async (_, handler, text, ending) => {
    await using server = await rawServer(handler);
    expect(await exchange(server)).toEqual([text, ending]);
  });

  it('byConnection tells connections apart', async () => {
    const say = (text: string) => act.onRequest(act.send(text), act.end());
    await using server = await rawServer(act.byConnection(say('one'), say('other')));
    const texts = [await exchange(server), await exchange(server), await exchange(server)];
    expect(texts.map(([text]) => text)).toEqual(['one', 'other', 'other']);
    expect(server.sockets.total).toBe(3);
  });

  it.each([
    ['stall', act.stall(), ''],
    ['stallAfter', act.stallAfter('abc'), 'abc'],
    ['drip', act.drip('abc', 3_600_000), 'a'],
    ['informationalForever', act.informationalForever(1), 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(3)],
  ])('%s goes on until the client goes', async (_, handler, text) => {
    await using server = await rawServer(handler);
    const client = await open(server);
    await until(() => client.text().startsWith(text));
    expect(client.ending()).toBeUndefined();
    client.socket.destroy();
    await until(() => server.sockets.open === 0);
  });
});

describe('request heads', () => {
  it('are answered one by one, without their bodies, however they are cut', async () => {
    let requests = 0;
    await using server = await rawServer(
      act.onRequest(
        () => void requests++,
        (socket, connection) => act.send(`${connection}.${requests} `)(socket, connection),
      ),
    );
    const client = await open(server);
    client.socket.write(`${get}POST / HTTP/1.1\r\ncontent-length: 4\r\n\r\nGE`);
    await until(() => client.text() === '1.1 ');
    client.socket.write(`T ${get.slice(0, 9)}`);
    await until(() => client.text() === '1.1 1.2 ');
    client.socket.write(get.slice(9));
    await until(() => client.text() === '1.1 1.2 1.3 ');
    client.socket.end();
    await until(() => server.sockets.open === 0);
  });

  it('end quietly when the client resets', async () => {
    await using server = await rawServer(act.onRequest(act.send('abc')));
    const client = await open(server);
    client.socket.write(get);
    await until(() => client.text() === 'abc');
    client.socket.resetAndDestroy();
    await until(() => server.sockets.open === 0);
  });
});

it.each([
  ['whole', answer.whole('ab', ['X-A: 1']), 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: 1\r\n\r\nab'],
  ['truncated', answer.truncated('ab', 3), 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab'],
  ['extraBytes', answer.extraBytes('ab', 'cd'), 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabcd'],
  ['badLength', answer.badLength('ab', '-1'), 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nab'],
  ['hugeHeaders', answer.hugeHeaders(3), 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Huge: xxx\r\n\r\n'],
  [
    'chunked',
    answer.chunked(['abc', 'd'.repeat(16)]),
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n10\r\n${'d'.repeat(16)}\r\n0\r\n\r\n`,
  ],
  ['untilClose', answer.untilClose('ab'), 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nab'],
])('%s', (_, bytes, expected) => {
  expect(bytes).toBe(expected);
});
