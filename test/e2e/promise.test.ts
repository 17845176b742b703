import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startServer } from '../../src/serve/server.ts';
import { serveDefaults } from '../../src/serve/settings.ts';
import { cli, sorted } from './cli.ts';
import { scratch } from './scratch.ts';

it('writes exactly one line for each of 2,000 tasks, although a third of the requests fail', async () => {
  const server = await startServer({
    ...serveDefaults,
    errorRate: 0.2,
    resetRate: 0.15,
    jitterMs: 5,
    latencyMs: 5,
  });
  onTestFinished(() => server.close());
  const cwd = scratch();
  const args = [
    `${server.url}/users/[1-2000]`,
    '--retry',
    '2',
    '--retry-delay',
    '1ms',
    '-o',
    'out.jsonl',
    '-q',
  ];
  expect(await cli(args, { cwd })).toEqual({ status: 1, stdout: '', stderr: '' });

  const records = sorted(readFileSync(path.join(cwd, 'out.jsonl'), 'utf8'));
  expect(records.map(({ index }) => index)).toEqual(Array.from({ length: 2000 }, (_, index) => index));
  for (const { index, ok, attempts, url, body, error } of records) {
    expect(url).toBe(`${server.url}/users/${index + 1}`);
    expect(ok ? body : error?.kind).toEqual(
      ok ? expect.objectContaining({ id: index + 1 }) : expect.stringMatching(/^(status|reset)$/),
    );
    expect(attempts).toBeLessThanOrEqual(4); // the first, two retries, and a free one for a stale connection
  }
  const attempts = records.reduce((sum, record) => sum + record.attempts, 0);
  expect(attempts).toBeGreaterThan(2500);
  expect(server.counters.errors).toBeGreaterThan(300);
  expect(server.counters.resets).toBeGreaterThan(200);
});
