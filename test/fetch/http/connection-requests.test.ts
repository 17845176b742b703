import { createHash } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { onRequest, send } from '../../servers/acts.ts';
import { whole } from '../../servers/answers.ts';
import { requestHeads } from '../../servers/heads.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { rawServer } from '../../servers/raw.ts';
import { exchangerTo } from './exchanges.ts';

failOnLeaks();

const hello = { status: 200, body: 'hello' };

describe('a request', () => {
  /** What the server gets of one. */
  async function received(
    ...[path, request]: Parameters<ReturnType<typeof exchangerTo>['send']>
  ): Promise<string> {
    let got = '';
    await using server = await rawServer(async (socket, connection) => {
      for await (const head of requestHeads(socket)) {
        got = head;
        await send(whole('hello'))(socket, connection);
      }
    });
    const client = exchangerTo(server.port);
    await client.send(path, request);
    client.connection.destroy();
    return got.replaceAll(String(server.port), 'PORT');
  }

  it('has a Host', async () => {
    expect(await received('/a?b=c')).toBe('GET /a?b=c HTTP/1.1\r\nhost: 127.0.0.1:PORT\r\n\r\n');
  });

  it('has the Host that is asked for', async () => {
    expect(await received('/', { headers: ['Host', 'other.example', 'X-A', '\xe9'] })).toBe(
      'GET / HTTP/1.1\r\nHost: other.example\r\nX-A: \xe9\r\n\r\n',
    );
  });

  it('says that it has no body where one is expected', async () => {
    expect(await received('/', { method: 'POST' })).toBe(
      'POST / HTTP/1.1\r\nhost: 127.0.0.1:PORT\r\ncontent-length: 0\r\n\r\n',
    );
  });

  it('is made anew when it is another than the one before', async () => {
    const got: string[] = [];
    await using server = await rawServer(async (socket, connection) => {
      for await (const head of requestHeads(socket)) {
        got.push(head.replaceAll(/host.*\r\n/g, ''));
        await send(whole())(socket, connection);
      }
    });
    const client = exchangerTo(server.port);
    for (const value of ['1', '2']) {
      await client.send(`/${value}`, { headers: ['x', value] });
    }
    expect(got).toEqual(['GET /1 HTTP/1.1\r\nx: 1\r\n\r\n', 'GET /2 HTTP/1.1\r\nx: 2\r\n\r\n']);
    client.connection.destroy();
  });

  it('to HEAD takes no body for an answer', async () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n';
    await using server = await rawServer(onRequest(send(head)));
    const client = exchangerTo(server.port);
    for (let exchanges = 0; exchanges < 3; exchanges++) {
      expect(await client.send('/', { method: 'HEAD' })).toEqual({ status: 200, body: '' });
    }
    expect(client.sockets).toHaveLength(1);
    client.connection.destroy();
  });

  it('may have a body of megabytes', async () => {
    const body = Buffer.alloc(8 * 1024 * 1024, '0123456789');
    const got = createHash('sha256');
    await using server = await rawServer((socket, connection) => {
      let missing = 0;
      socket.on('data', (bytes: Buffer) => {
        const headEnd = missing === 0 ? bytes.indexOf('\r\n\r\n') + 4 : 0;
        missing = (missing || body.length) - (bytes.length - headEnd);
        got.update(bytes.subarray(headEnd));
        if (missing === 0) {
          void send(whole('hello'))(socket, connection);
        }
      });
    });
    const client = exchangerTo(server.port);
    expect(await client.send('/', { method: 'PUT', body })).toEqual(hello);
    expect(got.digest('hex')).toBe(createHash('sha256').update(body).digest('hex'));
    expect(client.connection.isOpen).toBe(true);
    client.connection.destroy();
  });

  it('that is answered before it was sent whole spoils its connection', async () => {
    await using server = await rawServer((socket) => {
      socket.once('data', () => socket.pause().write(whole('hello')));
    });
    const client = exchangerTo(server.port);
    const body = Buffer.alloc(32 * 1024 * 1024);
    for (let exchanges = 1; exchanges <= 2; exchanges++) {
      expect(await client.send('/', { method: 'POST', body })).toEqual(hello);
      expect(client.connection.isOpen).toBe(false);
      expect(client.sockets).toHaveLength(exchanges);
    }
  });
});

const hasIPv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

it.skipIf(!hasIPv6)('goes to IPv6 addresses', async () => {
  let head = '';
  await using server = await rawServer(async (socket, connection) => {
    for await (const request of requestHeads(socket)) {
      head = request;
      await send(whole('hello'))(socket, connection);
    }
  }, '::1');
  const client = exchangerTo(server.port, { hostname: '::1' });
  expect(await client.send()).toEqual(hello);
  expect(head).toBe(`GET / HTTP/1.1\r\nhost: [::1]:${server.port}\r\n\r\n`);
  client.connection.destroy();
});
