import { once } from 'node:events';
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createLatch } from './latch.ts';
import { failOnLeaks } from './leaks.ts';
import { scriptedServer } from './scripted.ts';
import { until } from './until.ts';

failOnLeaks();

/** Asks over a connection of its own, which ends with the answer. */
const ask = (url: string, init: RequestInit = {}) =>
  fetch(url, { ...init, headers: { connection: 'close' } });

describe('answers', () => {
  it('gives canned ones', async () => {
    await using server = await scriptedServer({
      '/a': { status: 201, headers: { 'X-A': ['1', '2'] }, body: 'hello' },
    });
    const response = await ask(`${server.url}/a?query`);
    expect(response.status).toBe(201);
    expect(response.headers.get('x-a')).toBe('1, 2');
    expect(await response.text()).toBe('hello');
  });

  it('asks a function, which knows the request and how often the path was asked for', async () => {
    await using server = await scriptedServer({
      '/a': ({ method, target, body }, _, hit) => ({ body: `${hit} ${method} ${target} ${body}` }),
    });
    const first = await ask(`${server.url}/a?x=1`, { method: 'POST', body: 'é' });
    expect(await first.text()).toBe('1 POST /a?x=1 é');
    expect(await (await ask(`${server.url}/a`)).text()).toBe('2 GET /a ');
    expect([server.hits('/a'), server.hits('/b')]).toEqual([2, 0]);
    expect(server.received.map(({ target }) => target)).toEqual(['/a?x=1', '/a']);
  });

  it('lets a function answer by itself', async () => {
    await using server = await scriptedServer({ '/a': (_, response) => void response.end('mine') });
    expect(await (await ask(`${server.url}/a`)).text()).toBe('mine');
  });

  it('takes * for other paths, else 404', async () => {
    await using some = await scriptedServer({ '/a': {} });
    await using all = await scriptedServer({ '/a': {}, '*': { status: 202 } });
    expect((await ask(`${some.url}/b`)).status).toBe(404);
    expect((await ask(`${all.url}/b`)).status).toBe(202);
  });

  it('listens on another loopback address', async () => {
    await using server = await scriptedServer({ '/a': {} }, { host: '127.0.0.7' });
    expect(server.url).toBe(`http://127.0.0.7:${server.port}`);
    expect((await ask(`${server.url}/a`)).status).toBe(200);
  });
});

describe('counts', () => {
  it('sees what is in flight, by host, and the sockets', async () => {
    const latch = createLatch();
    await using server = await scriptedServer({
      '*': async () => {
        await latch.opened;
        return {};
      },
    });
    const { flights, sockets, port } = server;
    const pending = [1, 2, 3].map((i) => ask(`${server.url}/${i}`));
    pending.push(ask(`http://localhost:${port}/4`));
    await until(() => flights.now === 4);
    latch.open();
    await Promise.all(pending);
    await until(() => flights.now === 0 && sockets.open === 0);
    expect(flights.peak).toBe(4);
    expect(Object.fromEntries(flights.peaks)).toEqual({ [`127.0.0.1:${port}`]: 3, [`localhost:${port}`]: 1 });
    expect([sockets.peak, sockets.total]).toEqual([4, 4]);
  });

  it('does not receive what never came whole', async () => {
    await using server = await scriptedServer({ '*': {} });
    const sent = request(server.url, { method: 'POST', agent: false });
    sent.on('error', () => {});
    sent.write('half');
    await until(() => server.flights.now === 1);
    sent.destroy();
    await until(() => server.flights.now === 0);
    expect([server.hits('/'), server.received.length]).toEqual([1, 0]);
  });
});

it('cuts what is open when it closes', async () => {
  await using server = await scriptedServer({ '*': () => {} });
  const sent = request(server.url, { agent: false }).end();
  const failed = once(sent, 'response');
  await until(() => server.received.length === 1);
  await server.close();
  await expect(failed).rejects.toMatchObject({ code: 'ECONNRESET' });
});
