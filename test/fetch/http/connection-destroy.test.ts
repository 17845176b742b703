import { describe, expect, it } from 'vitest';
import { onRequest, send, stall } from '../../servers/acts.ts';
import { whole } from '../../servers/answers.ts';
import { requestHeads } from '../../servers/heads.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { rawServer } from '../../servers/raw.ts';
import { until } from '../../servers/until.ts';
import { exchangerTo } from './exchanges.ts';

failOnLeaks();

const answering = onRequest(send(whole('hello')));
const hello = { status: 200, body: 'hello' };

describe('destroy', () => {
  it('while it opens, and another request at once', async () => {
    await using server = await rawServer(answering);
    const client = exchangerTo(server.port);
    void client.send('/given-up');
    client.connection.destroy();
    expect(await client.send()).toEqual(hello);
    expect(client.told).toEqual(['gone', 'connected', 'bytes', 'head', 'body', 'end']);
    client.connection.destroy();
  });

  it('while it is idle, and another request at once', async () => {
    await using server = await rawServer(answering);
    const client = exchangerTo(server.port);
    await client.send();
    client.connection.destroy();
    expect(client.connection.isOpen).toBe(false);
    expect(client.connection.hasSocket).toBe(true);
    expect(await client.send()).toEqual(hello);
    expect(client.sockets).toHaveLength(2);
    client.connection.destroy();
  });

  it('before the request is written, and another at once', async () => {
    const paths: string[] = [];
    await using server = await rawServer(async (socket, connection) => {
      for await (const request of requestHeads(socket)) {
        paths.push(request.split(' ')[1]!);
        await send(whole('hello'))(socket, connection);
      }
    });
    const client = exchangerTo(server.port);
    await client.send('/1');
    void client.send('/2');
    client.connection.destroy();
    expect(await client.send('/3')).toEqual(hello);
    expect(paths).toEqual(['/1', '/3']);
    client.connection.destroy();
  });

  it('in the middle of an answer, and another request at once', async () => {
    const half = whole('wrong').slice(0, -3);
    await using server = await rawServer(async (socket, connection) => {
      await onRequest(send(connection === 1 ? half : whole('hello')))(socket, connection);
    });
    const client = exchangerTo(server.port);
    void client.send();
    await until(() => client.told.includes('body'));
    client.connection.destroy();
    expect(await client.send()).toEqual(hello);
    client.connection.destroy();
  });

  it('while it closes, again and again, and another request in the end', async () => {
    await using server = await rawServer(answering);
    const client = exchangerTo(server.port);
    await client.send();
    client.connection.destroy();
    void client.send();
    client.connection.destroy();
    void client.send();
    client.connection.destroy();
    expect(await client.send()).toEqual(hello);
    expect(client.sockets).toHaveLength(2);
    client.connection.destroy();
  });

  it('tells of nothing but the end of the socket', async () => {
    await using server = await rawServer(stall());
    const client = exchangerTo(server.port);
    void client.send();
    await until(() => client.told.includes('connected'));
    client.connection.destroy();
    await until(() => !client.connection.hasSocket);
    expect(client.told).toEqual(['connected', 'gone']);
  });

  it('without a socket does nothing', () => {
    const client = exchangerTo(1);
    client.connection.destroy();
    expect(client.told).toEqual([]);
  });
});
