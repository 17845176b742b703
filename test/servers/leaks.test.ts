import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { stall } from './acts.ts';
import { failOnLeaks } from './leaks.ts';
import { rawServer } from './raw.ts';
import { until } from './until.ts';

const server = await rawServer(stall());
afterAll(() => server.close());

describe('tests that leak fail', () => {
  failOnLeaks(50);

  const cleanUp: (() => void)[] = [];
  afterAll(async () => {
    cleanUp.forEach((undo) => undo());
    await until(() => server.sockets.open === 0);
  });

  it.fails('a socket, although it does not keep the process alive', async () => {
    const socket = connect(server.port, '127.0.0.1').unref();
    cleanUp.push(() => socket.destroy());
    await once(socket, 'connect');
  });

  it.fails('a timer', () => {
    const timer = setTimeout(() => {}, 3_600_000);
    cleanUp.push(() => clearTimeout(timer));
  });
});

describe('tests that do not leak pass', () => {
  failOnLeaks();

  it('although what they used takes a moment to close', async () => {
    const socket = connect(server.port, '127.0.0.1');
    await until(() => server.sockets.open === 1);
    socket.destroy();
    expect(server.sockets.open).toBe(1);
  });

  it('although a timer without a hold on the process still runs', () => {
    expect(
      setTimeout(() => {}, 3_600_000)
        .unref()
        .hasRef(),
    ).toBe(false);
  });
});
