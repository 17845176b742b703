import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { UsageError } from '../../src/model/errors.ts';
import { startServer, type RehearsalServer } from '../../src/serve/server.ts';
import { serveDefaults, type ServeSettings } from '../../src/serve/settings.ts';
import { failOnLeaks } from '../servers/leaks.ts';
import { until } from '../servers/until.ts';

failOnLeaks();

/** A server that the end of the test closes. */
async function serve(settings: Partial<ServeSettings> = {}): Promise<RehearsalServer> {
  const server = await startServer({ ...serveDefaults, ...settings });
  onTestFinished(() => server.close());
  return server;
}

/** How a request ended: the status, or how far the answer came before the reset. */
async function outcome(url: string): Promise<string> {
  const sent = request(url, { agent: false }).end();
  sent.on('error', () => {}); // a reset within the body is told to the request as well
  let head: IncomingMessage;
  try {
    [head] = await once(sent, 'response');
  } catch (error) {
    return `${codeOf(error)} before the head`;
  }
  try {
    await text(head);
    return String(head.statusCode);
  } catch (error) {
    return `${codeOf(error)} within the body`;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

/** The outcomes of /users/1 … /users/n, one after the other. */
async function outcomes(server: RehearsalServer, n: number): Promise<string[]> {
  const list: string[] = [];
  for (let id = 1; id <= n; id++) {
    list.push(await outcome(`${server.url}/users/${id}`));
  }
  return list;
}

describe('answers', () => {
  it('serves a user of 1 KiB', async () => {
    const server = await serve();
    const response = await fetch(`${server.url}/users/17`);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('content-length')).toBe('1024');
    expect(await response.json()).toMatchObject({ id: 17 });
  });

  it.each([
    ['GET', 1024],
    ['HEAD', 0],
  ])('keeps one connection for many %s requests', async (method, length) => {
    const server = await serve();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    for (let id = 1; id <= 5; id++) {
      const [head] = await once(request(`${server.url}/users/${id}`, { method, agent }).end(), 'response');
      expect(head.headers['content-length']).toBe('1024');
      expect(await text(head)).toHaveLength(length);
    }
    expect(server.counters).toMatchObject({ requests: 5, connections: 1, peakConnections: 1 });
  });

  it('echoes a body', async () => {
    const server = await serve();
    const response = await fetch(`${server.url}/tasks`, { method: 'POST', body: '{"id":"é"}' });
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ id: 'é', received: { id: 'é' } });
  });

  it('echoes a body that comes in chunks', async () => {
    const server = await serve();
    const sent = request(`${server.url}/users/1`, { method: 'PUT', agent: false });
    sent.write('{"a"');
    sent.end(':1}');
    const [head] = await once(sent, 'response');
    expect(await text(head)).toBe('{"id":"1","received":{"a":1}}');
  });

  it('refuses a body of more than 16 MiB', async () => {
    const server = await serve();
    const body = Buffer.alloc(16 * 1024 * 1024 + 1);
    expect((await fetch(`${server.url}/tasks`, { method: 'POST', body })).status).toBe(413);
  });

  it.each([204, 304])('sends no length with a %i', async (status) => {
    const server = await serve();
    const response = await fetch(`${server.url}/status/${status}`);
    expect(response.headers.has('content-length')).toBe(false);
    expect(await response.text()).toBe('');
  });
});

describe('latency', () => {
  it('holds answers back, all at the same time', async () => {
    const server = await serve({ latencyMs: 3_600_000 });
    const pending = Array.from({ length: 20 }, (_, id) => outcome(`${server.url}/users/${id}`));
    await until(() => server.counters.inFlight === 20);
    expect(server.counters).toMatchObject({ requests: 20, peakInFlight: 20, peakConnections: 20 });
    await server.close();
    expect(new Set(await Promise.all(pending))).toEqual(new Set(['ECONNRESET before the head']));
  });

  it('lets them go in the end', async () => {
    const server = await serve({ latencyMs: 5, jitterMs: 4 });
    expect(await outcome(`${server.url}/users/1`)).toBe('200');
    await until(() => server.counters.inFlight === 0);
  });

  it('forgets a request whose client has gone', async () => {
    const server = await serve({ latencyMs: 3_600_000 });
    const sent = request(`${server.url}/users/1`, { agent: false }).end();
    sent.on('error', () => {});
    await until(() => server.counters.inFlight === 1);
    sent.destroy();
    await until(() => server.counters.inFlight === 0 && server.counters.connections === 0);
  });

  it.each([
    ['adds the delay of a route', { latencyMs: 7_000_000 }, '/delay/40', 7_000_040],
    ['stays within what a timer takes', { latencyMs: 2 ** 40 }, '/users/1', 2 ** 31 - 1],
  ])('%s', async (_, settings, path, delayMs) => {
    const server = await serve(settings);
    const timer = vi.spyOn(globalThis, 'setTimeout');
    onTestFinished(() => timer.mockRestore());
    const pending = outcome(`${server.url}${path}`);
    await until(() => server.counters.inFlight === 1);
    expect(timer).toHaveBeenCalledWith(expect.any(Function), delayMs);
    await server.close();
    expect(await pending).toBe('ECONNRESET before the head');
  });
});

describe('faults', () => {
  it('answers with errors at the rate asked for, the same for the same seed', async () => {
    const settings = { errorRate: 0.5, seed: 3 };
    const first = await outcomes(await serve(settings), 40);
    expect(first).toEqual(await outcomes(await serve(settings), 40));
    expect(new Set(first)).toEqual(new Set(['200', '500', '502', '503']));
  });

  it('resets connections before and within the answer', async () => {
    const server = await serve({ resetRate: 1 });
    const seen = await outcomes(server, 20);
    expect(new Set(seen)).toEqual(new Set(['ECONNRESET before the head', 'ECONNRESET within the body']));
    expect(server.counters).toMatchObject({ requests: 20, resets: 20 });
  });

  it('resets with RST, not FIN', async () => {
    const server = await serve({ resetRate: 1 });
    const socket = connect(server.port, '127.0.0.1');
    socket.write('GET /users/1 HTTP/1.1\r\nHost: x\r\n\r\n');
    // A FIN would end the socket; only a RST is an error.
    const [error] = await once(socket.resume(), 'close').catch((error: unknown) => [error]);
    expect(codeOf(error)).toBe('ECONNRESET');
  });

  it('lets a retry succeed', async () => {
    const server = await serve({ errorRate: 0.5 });
    const tries: string[] = [];
    while (tries.at(-1) !== '200' && tries.length < 50) {
      tries.push(await outcome(`${server.url}/users/3`));
    }
    expect(tries.at(-1)).toBe('200');
    expect(server.counters.errors).toBe(tries.length - 1);
  });

  it('says when to come again', async () => {
    const server = await serve({ errorRate: 1, retryAfterSeconds: 7 });
    const response = await fetch(`${server.url}/users/1`);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('7');
  });
});

it('answers with 429 above the rate limit', async () => {
  const server = await serve({ rateLimit: 0.001 });
  expect(await outcome(`${server.url}/users/1`)).toBe('200');
  const response = await fetch(`${server.url}/users/2`);
  expect(response.status).toBe(429);
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(900);
  expect(server.counters.limited).toBe(1);
});

describe('start and end', () => {
  it('says why it cannot listen', async () => {
    const { port } = await serve();
    await expect(serve({ port })).rejects.toThrow(UsageError);
    await expect(serve({ port })).rejects.toThrow(/cannot listen on 127\.0\.0\.1, port \d+: .*EADDRINUSE/);
  });

  it('cuts connections when it closes, and may be closed again', async () => {
    const server = await serve({ latencyMs: 3_600_000 });
    const pending = outcome(`${server.url}/users/1`);
    await until(() => server.counters.inFlight === 1);
    await server.close();
    await server.close();
    expect(await pending).toBe('ECONNRESET before the head');
    expect(await outcome(`${server.url}/users/1`)).toBe('ECONNREFUSED before the head');
  });
});
