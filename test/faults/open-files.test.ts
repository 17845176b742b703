import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { lines, shell } from '../e2e/cli.ts';
import { scratch } from '../e2e/scratch.ts';
import type { Resolve } from '../../src/fetch/http/lookup.ts';
import { fetchAll, paths } from '../fetch/behaviour/fetching.ts';
import { origins, toLoopback } from '../fetch/behaviour/names.ts';
import { failOnLeaks } from '../servers/leaks.ts';
import { scriptedServer } from '../servers/scripted.ts';

failOnLeaks();

const warning = 'bulkfetch: this machine allows no further open file or socket (ulimit -n)';

/** Answers late, so that all sockets that there can be are wanted at once. */
const late = {
  '*': () => new Promise<{ body: string }>((done) => void setTimeout(done, 20, { body: 'ok' })),
};

/** Hosts of their own for the client: addresses of this machine. */
const hosts = (port: number, count: number) =>
  Array.from({ length: count }, (_, at) => `http://127.0.0.${at + 1}:${port}`);

/** Node needs about 20 of its own: about 42 sockets leave nothing for files. */
describe('a machine that allows 64 open files', () => {
  it.each([
    ['one host', 1],
    ['many hosts', 120],
  ])('makes 100 tasks at once fewer, and loses none: %s', async (_, count) => {
    await using server = await scriptedServer(late, { host: '0.0.0.0' });
    const urls = hosts(server.port, count).flatMap((origin) => paths(origin, 360 / count));
    const cwd = scratch({ 'urls.txt': urls.join('\n') });
    const result = await shell('ulimit -n 64; bulkfetch urls.txt --retry 0 -c 100', { cwd });
    expect(lines(result.stdout).filter(({ ok }) => ok)).toHaveLength(360);
    expect(result.status).toBe(0);
    expect(result.stderr.split(warning)).toHaveLength(2);
    expect(server.sockets.peak).toBeLessThan(64);
  });

  it.each([40, 41, 42])('saves all bodies beside %d sockets', async (concurrency) => {
    await using server = await scriptedServer(late);
    const cwd = scratch();
    const result = await shell(
      `ulimit -n 64; bulkfetch '${server.url}/[1-200]' --save-dir bodies -q -o out.jsonl -c ${concurrency}`,
      { cwd },
    );
    expect([result.status, result.stdout]).toEqual([0, '']);
    expect(readdirSync(path.join(cwd, 'bodies'))).toHaveLength(200);
  });

  it.each([41, 42, 43])('reads all bodies beside %d sockets', async (concurrency) => {
    await using server = await scriptedServer(late);
    const task = JSON.stringify({ url: `${server.url}/`, bodyFile: 'body.txt' });
    const cwd = scratch({ 'body.txt': 'sent', 'tasks.jsonl': `${task}\n`.repeat(200) });
    const line = `ulimit -n 64; bulkfetch tasks.jsonl -q --retry-delay 10ms -c ${concurrency}`;
    const { status, stdout } = await shell(line, { cwd });
    expect([status, lines(stdout).filter(({ ok }) => ok).length]).toEqual([0, 200]);
    expect(server.received.map(({ body }) => body)).toEqual(Array.from({ length: 200 }, () => 'sent'));
  });
});

describe('a lookup for which there is no file', () => {
  const refusing = (times: number): Resolve => {
    let refused = 0;
    return (...call) => {
      if (refused++ < times) {
        setImmediate(call[2], Object.assign(new Error('getaddrinfo EMFILE'), { code: 'EMFILE' }), []);
      } else {
        toLoopback(...call);
      }
    };
  };

  it('costs nothing when it is there the next time', async () => {
    await using server = await scriptedServer({ '*': { body: 'ok' } });
    const urls = origins(server.port, 20).flatMap((origin) => paths(origin, 5));
    const warnings: string[] = [];
    const onWarning = (message: string) => void warnings.push(message);
    const records = await fetchAll(urls, { resolver: refusing(20), retry: 0, concurrency: 30, onWarning });
    expect(records.filter(({ ok }) => ok)).toHaveLength(100);
    expect(warnings).toHaveLength(1);
  });

  it('is told when it never is', async () => {
    const resolver = refusing(Infinity);
    const records = await fetchAll(paths('http://a.test', 3), { resolver, retry: 0 });
    expect(records.map(({ attempts, error }) => [attempts, error?.kind, error?.code])).toEqual(
      Array.from({ length: 3 }, () => [2, 'connect', 'TOO_MANY_OPEN_FILES']),
    );
  });
});
