import { expect, it } from 'vitest';
import { failOnLeaks } from '../servers/leaks.ts';
import { scriptedServer } from '../servers/scripted.ts';
import { cli } from './cli.ts';

failOnLeaks();

it('--respect-robots: what is disallowed fails, exit 1', async () => {
  await using server = await scriptedServer({
    '/robots.txt': { body: 'User-agent: bulkfetch\nDisallow: /private/\n' },
    '*': {},
  });
  const urls = [`${server.url}/a`, `${server.url}/private/b`];
  const run = await cli([...urls, '--respect-robots', '--ordered', '--fields', 'id,ok,attempts,error.code']);
  expect(run).toEqual({
    status: 1,
    stdout:
      '{"id":"0","ok":true,"attempts":1}\n{"id":"1","ok":false,"attempts":0,"error.code":"ROBOTS_DISALLOWED"}\n',
    stderr: expect.stringContaining('2 tasks in'),
  });
});

it('--breaker: the summary names the hosts that were given up', async () => {
  await using server = await scriptedServer({ '*': { status: 503 } });
  const run = await cli([`${server.url}/[1-100]`, '--breaker', '50%/1ms', '--retry', '0']);
  expect(run.status).toBe(1);
  expect(run.stderr).toContain(`\nbreaker\n  down  6 pauses  ${server.url}\n`);
  expect(run.stdout.split('\n').filter((line) => line.includes('"HOST_DOWN"'))).not.toEqual([]);
});
