import { expect, it } from 'vitest';
import { cli, lines, startCli, ended } from '../e2e/cli.ts';
import { failOnLeaks } from '../servers/leaks.ts';
import { scriptedServer } from '../servers/scripted.ts';
import { until } from '../servers/until.ts';

failOnLeaks();

// Node's timers hold 24.8 days, and fire at once when they are to hold more.

it('a limit of 30 days ends no task that waits for a retry', async () => {
  await using server = await scriptedServer({
    '/': (_request, _response, hit) => ({ status: hit === 1 ? 503 : 200 }),
  });
  const result = await cli([`${server.url}/`, '-q', '--task-timeout', '30d', '--retry-delay', '10ms']);
  expect(lines(result.stdout)).toMatchObject([{ ok: true, attempts: 2 }]);
  expect(result.stderr).toBe('');
});

it.each(['--rate', '--per-host-rate'])('%s of one task in 300 years waits quietly', async (flag) => {
  await using server = await scriptedServer({ '*': {} });
  const child = startCli([`${server.url}/[1-2]`, '-q', flag, '0.0000000001']);
  const result = ended(child);
  await until(() => server.received.length === 1);
  child.kill('SIGINT');
  expect((await result).stderr).toBe(
    'bulkfetch: stopping after the 0 in flight; once more to stop at once\n',
  );
  expect(server.received).toHaveLength(1);
});
