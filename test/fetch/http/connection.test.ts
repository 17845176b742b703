import { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { SocketEvents } from '../../../src/fetch/http/connector.ts';
import { end, onRequest, reset, send } from '../../servers/acts.ts';
import { whole } from '../../servers/answers.ts';
import { requestHeads } from '../../servers/heads.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { rawServer, type Act } from '../../servers/raw.ts';
import { until } from '../../servers/until.ts';
import { exchanger, exchangerTo } from './exchanges.ts';

failOnLeaks();

const answering = onRequest(send(whole('hello')));
const hello = { status: 200, body: 'hello' };

describe('one socket', () => {
  it('carries one exchange after the other', async () => {
    await using server = await rawServer(answering);
    const client = exchangerTo(server.port);
    expect(await client.send()).toEqual(hello);
    expect(client.told).toEqual(['connected', 'bytes', 'head', 'body', 'end']);
    for (let exchanges = 0; exchanges < 3; exchanges++) {
      expect(await client.send()).toEqual(hello);
      expect(client.told).toEqual(['bytes', 'head', 'body', 'end']);
    }
    expect(client.sockets).toHaveLength(1);
    client.connection.destroy();
  });

  it('is written to after a turn of the loop when it was used before', async () => {
    await using server = await rawServer(answering);
    const client = exchangerTo(server.port);
    await client.send();
    const outcome = client.send();
    await Promise.resolve();
    expect(client.clock.sentAt).toBe(0);
    await turn();
    expect(client.clock.sentAt).toBeGreaterThan(0);
    expect(await outcome).toEqual(hello);
    client.connection.destroy();
  });

  it.each<[string, ...Act[]]>([
    ['the server says so', send(whole('hello', ['Connection: close']))],
    ['its end was that of the body', send('HTTP/1.1 200 OK\r\n\r\nhello'), end()],
    ['bytes came after the answer', send(`${whole('hello')}x`)],
  ])('is not used again when %s', async (_why, ...acts) => {
    await using server = await rawServer(onRequest(...acts));
    const client = exchangerTo(server.port);
    for (let exchanges = 1; exchanges <= 3; exchanges++) {
      expect(await client.send()).toEqual(hello);
      expect(client.connection.isOpen).toBe(false);
      expect(client.sockets).toHaveLength(exchanges);
    }
    await until(() => !client.connection.hasSocket);
  });

  it('fails an exchange once, whatever goes on after that', async () => {
    await using server = await rawServer(onRequest(send('garbage'), send('garbage'), end()));
    const client = exchangerTo(server.port);
    expect(await client.send()).toMatchObject({
      error: { message: 'the answer does not begin as HTTP/1.1' },
    });
    await until(() => !client.connection.hasSocket);
    expect(client.told).toEqual(['connected', 'bytes', 'error', 'gone']);
  });

  it.each<[string, Act, object]>([
    ['ends', end(), { error: undefined }],
    ['is reset', reset(), { error: { code: 'ECONNRESET' } }],
  ])('fails the exchange when it %s before the answer', async (_, act, outcome) => {
    await using server = await rawServer(onRequest(act));
    const client = exchangerTo(server.port);
    expect(await client.send()).toMatchObject(outcome);
    expect(client.told).toEqual(['connected', 'gone', 'error']);
    expect(client.connection.hasSocket).toBe(false);
  });

  it('that cannot be opened fails the exchange', async () => {
    const server = await rawServer(answering);
    await server.close();
    const client = exchangerTo(server.port);
    for (let exchanges = 1; exchanges <= 2; exchanges++) {
      expect(await client.send()).toMatchObject({ error: { code: 'ECONNREFUSED' } });
      expect(client.told).toEqual(['gone', 'error']);
      expect(client.sockets).toHaveLength(exchanges);
    }
  });
});

describe('a socket that is lost between two requests is opened again', () => {
  it.each<[string, (socket: Socket) => void]>([
    ['closed', (socket) => socket.destroy()],
    ['reset', (socket) => socket.resetAndDestroy()],
    ['written to', (socket) => socket.write(whole('wrong'))],
    ['written to and closed', (socket) => socket.end(whole('wrong'))],
  ])('%s before the next', async (_, lose) => {
    const accepted: Socket[] = [];
    await using server = await rawServer((socket, connection) => {
      accepted.push(socket);
      return answering(socket, connection);
    });
    const client = exchangerTo(server.port);
    await client.send();
    lose(accepted[0]!);
    await until(() => !client.connection.hasSocket);
    expect(await client.send()).toEqual(hello);
    expect(client.sockets).toHaveLength(2);
    client.connection.destroy();
  });

  it.each<[string, (socket: Socket) => void]>([
    ['closed', (socket) => socket.destroy()],
    ['reset', (socket) => socket.resetAndDestroy()],
  ])('%s while the next is about to be sent', async (_, lose) => {
    const accepted: Socket[] = [];
    const requests: string[] = [];
    await using server = await rawServer(async (socket, connection) => {
      accepted.push(socket);
      for await (const request of requestHeads(socket)) {
        requests.push(request.split(' ')[1]!);
        await send(whole('hello'))(socket, connection);
      }
    });
    const client = exchangerTo(server.port);
    await client.send('/1');
    await turn(); // from here on what the system tells comes before the next turn
    lose(accepted[0]!);
    const outcome = client.send('/2', { method: 'POST' });
    expect(client.connection.isOpen).toBe(true);
    expect(await outcome).toEqual(hello);
    expect(client.told).toEqual(['gone', 'connected', 'bytes', 'head', 'body', 'end']);
    expect(requests).toEqual(['/1', '/2']);
    client.connection.destroy();
  });
});

describe('with a socket of the test', () => {
  /** Takes all that is written and is told what has come. */
  class Taking extends Socket {
    override _read(): void {}
    override _write(_bytes: unknown, _encoding: BufferEncoding, done: () => void): void {
      done();
    }
  }

  function start() {
    const all: (Omit<SocketEvents, 'onReady'> & { onReady(): void })[] = [];
    const endpoint = { isSecure: false, hostname: 'x.test', port: 80, host: 'x.test' };
    const client = exchanger(endpoint, (_endpoint, events) => {
      const socket = new Taking();
      socket.once('close', () => events.onClose());
      all.push({ ...events, onReady: () => events.onReady(socket) });
      return socket;
    });
    return { client, events: () => all.at(-1)! };
  }

  it('bytes on an idle connection are not taken for an answer to the request that waits', async () => {
    const { client, events } = start();
    void client.send();
    events().onReady();
    events().onBytes(Buffer.from(whole('hello')));
    const outcome = client.send();
    events().onBytes(Buffer.from(whole('wrong')));
    await until(() => client.sockets.length === 2);
    events().onReady();
    events().onBytes(Buffer.from(whole('hello')));
    expect(await outcome).toEqual(hello);
    expect(client.told).toEqual(['gone', 'connected', 'bytes', 'head', 'body', 'end']);
    client.connection.destroy();
  });

  it("what comes after it was given up is nobody's", () => {
    const { client, events } = start();
    void client.send();
    client.connection.destroy();
    events().onReady();
    events().onBytes(Buffer.from(whole('wrong')));
    expect(client.told).toEqual([]);
  });

  it.each(['head', 'body', 'end'])(
    'a bug of the owner is not taken for a fault of the server: %s',
    (when) => {
      const { client, events } = start();
      void client.send();
      events().onReady();
      client.told.push = (event) => {
        if (event === when) {
          throw new RangeError('a bug');
        }
        return 0;
      };
      expect(() => events().onBytes(Buffer.from(whole('hello')))).toThrow('a bug');
    },
  );
});
