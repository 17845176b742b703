import { expect, it } from 'vitest';
import { cli } from '../e2e/cli.ts';
import { scratch } from '../e2e/scratch.ts';
import { restartingServer } from '../servers/faults/restarting.ts';
import { failOnLeaks } from '../servers/leaks.ts';
import { expectSound, taskFile } from './runs.ts';

failOnLeaks();

it('a server that restarts 50 times costs no GET, and a POST only where it may have arrived', async () => {
  await using server = await restartingServer(30, 5);
  const cwd = scratch({ 'tasks.jsonl': taskFile(server.url, 2000) });
  const retries = ['--retry', '100', '--retry-delay', '5ms', '--retry-max-delay', '40ms'];
  const result = await cli(['tasks.jsonl', '--concurrency', '20', ...retries], { cwd });
  const failed = expectSound(result, server, 2000);
  expect(failed.filter(({ id, error }) => id.startsWith('g') || error!.kind !== 'reset')).toEqual([]);
  expect(server.restarts).toBeGreaterThanOrEqual(50);
  expect(server.peak).toBeLessThanOrEqual(20);
});
