import { describe, expect, it } from 'vitest';
import { scriptedServer } from '../servers/scripted.ts';
import { until } from '../servers/until.ts';
import { cli, ended, startCli } from './cli.ts';

/** `bulkfetch serve` on a free port, and where it says that it is. */
async function serve(...args: readonly string[]) {
  const child = startCli(['serve', '--port', '0', ...args]);
  const said = { text: '' };
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said.text += chunk));
  const end = ended(child);
  await until(() => said.text.includes('\n'));
  const url = /^listening on (http:\/\/127\.0\.0\.1:\d+) /.exec(said.text)?.[1] ?? said.text;
  return {
    url,
    said,
    stop(signal: NodeJS.Signals = 'SIGINT') {
      child.kill(signal);
      return end;
    },
  };
}

/** The statuses of a hundred users, asked for one after the other. */
async function statuses(url: string): Promise<number[]> {
  const found: number[] = [];
  for (let id = 1; id <= 100; id++) {
    const response = await fetch(`${url}/users/${id}`);
    await response.arrayBuffer();
    found.push(response.status);
  }
  return found;
}

describe('bulkfetch serve', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'says where it is, answers, and ends with 0 on %s',
    async (signal) => {
      const server = await serve();
      expect(server.said.text).toBe(
        `listening on ${server.url} (Ctrl-C ends it); try ${server.url}/users/1\n`,
      );
      const response = await fetch(`${server.url}/users/1`);
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ id: 1 });
      expect(await server.stop(signal)).toEqual({
        status: 0,
        stdout: '',
        stderr: `${server.said.text.split('\n')[0]}\nserved 1 request\n`,
      });
    },
  );

  it('--size', async () => {
    const server = await serve('--size', '4KiB');
    expect((await (await fetch(`${server.url}/users/1`)).arrayBuffer()).byteLength).toBe(4096);
    await server.stop();
  });

  it('--latency holds every answer back', async () => {
    const server = await serve('--latency', '80ms');
    const startedAt = performance.now();
    await fetch(`${server.url}/users/1`);
    // A lower bound, which no slow machine can break; timers may be early by less than 1 ms.
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(79);
    await server.stop();
  });

  it('--error-rate: the same requests fail for the same --seed, others for another', async () => {
    const runs: number[][] = [];
    for (const seed of ['7', '7', '8']) {
      const server = await serve('--error-rate', '30%', '--seed', seed);
      runs.push(await statuses(server.url));
      await server.stop();
    }
    const [first, again, other] = runs;
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    const failed = first?.filter((status) => status !== 200) ?? [];
    expect(failed.length).toBeGreaterThan(10);
    expect(failed.length).toBeLessThan(50);
    expect(new Set(failed)).toEqual(new Set([500, 502, 503]));
  });

  it('--retry-after makes every error a 503 that says when', async () => {
    const server = await serve('--error-rate', '1', '--retry-after', '1500ms');
    const response = await fetch(`${server.url}/users/1`);
    expect({ status: response.status, retryAfter: response.headers.get('retry-after') }).toEqual({
      status: 503,
      retryAfter: '2',
    });
    await server.stop();
  });

  it('--reset-rate', async () => {
    const server = await serve('--reset-rate', '100%');
    await expect(fetch(`${server.url}/users/1`).then((response) => response.text())).rejects.toThrow();
    await server.stop();
  });

  it('--rate-limit', async () => {
    const server = await serve('--rate-limit', '1/m');
    expect((await statuses(server.url)).at(-1)).toBe(429);
    await server.stop();
  });
});

describe('exit 2', () => {
  it('for a port in use', async () => {
    await using taken = await scriptedServer({});
    expect(await cli(['serve', '--port', String(taken.port)])).toEqual({
      status: 2,
      stdout: '',
      stderr: `bulkfetch: cannot listen on 127.0.0.1, port ${taken.port}: listen EADDRINUSE: address already in use 127.0.0.1:${taken.port}\n`,
    });
  });

  const duration = 'a duration such as 500ms, 10s, 2m or 1h (a bare number is seconds)';
  const share = 'a share such as 20% or 0.2, at most 100%';
  it.each([
    ['--port', '65536', 'a port from 0 to 65535'],
    ['--latency', 'slow', duration],
    ['--jitter', '-1ms', duration],
    ['--error-rate', '101%', share],
    ['--reset-rate', '2', share],
    ['--retry-after', 'later', duration],
    ['--rate-limit', '0', 'a rate such as 100/s, 600/m or 5000/h (a bare number is per second)'],
    ['--size', 'big', 'a size such as 65536, 64KiB or 2MiB'],
    ['--seed', '1.5', 'a whole number'],
  ])('for %s %s', async (flag, value, form) => {
    expect(await cli(['serve', flag, value])).toEqual({
      status: 2,
      stdout: '',
      stderr: `bulkfetch: ${flag}: must be ${form}, not "${value}"\n`,
    });
  });
});
