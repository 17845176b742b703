import { expect, it } from 'vitest';
import { cli, lines } from '../e2e/cli.ts';
import { scratch } from '../e2e/scratch.ts';
import { delays } from '../servers/faults/delays.ts';
import { drawn, faultServer } from '../servers/faults/server.ts';
import { failOnLeaks } from '../servers/leaks.ts';
import { expectSound, taskFile } from './runs.ts';

failOnLeaks();

/** Sets the clock a day or two back or forth every time that it is read. */
const stepping = `
const now = Date.now;
let reads = 0;
Date.now = () => now() + (reads++ % 2 === 0 ? -1 : 2) * 86_400_000;
`;

it('a clock that is set all the time changes no limit, no wait and no figure', async () => {
  await using server = await faultServer(drawn(Object.keys(delays), 0.05, 4));
  const cwd = scratch({ 'tasks.jsonl': taskFile(server.url, 400), 'stepping.mjs': stepping });
  const args = ['tasks.jsonl', '--timeout', '500ms', '--max-body', '64KiB', '--retry-delay', '10ms'];
  const result = await cli(args, { cwd, env: { NODE_OPTIONS: `--import=${cwd}/stepping.mjs` } });
  expectSound(result, server, 400);
  const records = lines(result.stdout);
  const starts = records.map(({ startedAt }) => Date.parse(startedAt));
  expect(Math.max(...starts)).not.toBeCloseTo(Date.now(), -7); // else the clock was not set at all
  expect(Math.max(...starts) - Math.min(...starts)).toBeLessThan(60_000);
  for (const { timing, error } of records) {
    const { total = 0, ...phases } = timing;
    expect(Object.values(phases).reduce((sum, ms) => sum + ms, 0)).toBeCloseTo(total, 0);
    expect(total).toBeLessThan(10_000);
    if (error?.code === 'TOTAL_TIMEOUT') {
      expect(total).toBeGreaterThanOrEqual(500);
    }
  }
});
