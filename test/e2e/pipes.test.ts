import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { scriptedServer } from '../servers/scripted.ts';
import { until } from '../servers/until.ts';
import { lines, shell } from './cli.ts';
import { scratch } from './scratch.ts';

const server = await scriptedServer({ '*': { body: 'ok' } });
const { url } = server;
afterAll(() => server.close());

it.each([
  { name: 'a range', command: 'bulkfetch "$URL/[1-1000000]" -c 5 -q | head -3' },
  { name: 'an endless standard input', command: 'yes "$URL/1" | bulkfetch - -c 5 -q | head -3' },
])('ends quietly when the reader of records goes away: $name', async ({ command }) => {
  const before = server.received.length;
  const { status, stdout, stderr } = await shell(`${command}; exit "\${PIPESTATUS[-2]}"`, {
    env: { URL: url },
  });
  expect({ status, stderr, records: lines(stdout).length }).toEqual({ status: 0, stderr: '', records: 3 });
  expect(server.received.length - before).toBeLessThan(100_000);
  await until(() => server.flights.now === 0);
});

it.each(['bulkfetch --help', 'bulkfetch compare "$URL/1" 2> errors.txt'])(
  'ends quietly when nobody reads what it says: %s',
  async (command) => {
    const cwd = scratch({ 'errors.txt': '' });
    const result = await shell(`${command} | true; exit "\${PIPESTATUS[0]}"`, { cwd, env: { URL: url } });
    expect(result).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(readFileSync(path.join(cwd, 'errors.txt'), 'utf8')).not.toContain('rror');
  },
);

it('goes on when nobody reads standard error', async () => {
  const cwd = scratch();
  const command = 'bulkfetch no-url.txt "$URL/[1-100]" -o out.jsonl 2>&1 | true; exit "${PIPESTATUS[0]}"';
  const { status } = await shell(`echo no URL > no-url.txt; ${command}`, { cwd, env: { URL: url } });
  expect(status).toBe(1);
  expect(lines(readFileSync(path.join(cwd, 'out.jsonl'), 'utf8'))).toHaveLength(101);
});
