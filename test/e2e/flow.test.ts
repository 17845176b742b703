import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { FlowFigures } from '../../src/model/flow.ts';
import { cannedServer } from '../servers/canned.ts';
import { createLatch } from '../servers/latch.ts';
import { scriptedServer } from '../servers/scripted.ts';
import { until } from '../servers/until.ts';
import { cli, ended, startCli } from './cli.ts';
import { scratch } from './scratch.ts';

const many = 60_000;
/** How long a stage is made to wait. */
const stalledMs = 300;
/** MiB for what lives long. A run needs less than 16, and dies at 24 when it keeps the record of each task. */
const heap = 24;

it('a sink that stalls stops the lanes and the source, and many tasks need no memory', async () => {
  await using server = await cannedServer();
  const cwd = scratch();
  const env = { NODE_OPTIONS: `--max-old-space-size=${heap}` };
  const args = ['--body', 'none', '-q', '--summary', 'run.json'];
  const run = startCli([`${server.url}/[1-${many}]`, ...args], { cwd, env });
  const stalled = createLatch();
  let lines = 0;
  const count = (chunk: Buffer) => (lines += chunk.reduce((sum, byte) => sum + (byte === 0x0a ? 1 : 0), 0));
  run.stdout.on('data', (chunk: Buffer) => {
    count(chunk);
    if (lines > 20_000) {
      run.stdout.pause();
      stalled.open();
    }
  });
  await stalled.opened;
  const answered = await settled(() => server.answered());
  expect(answered - lines).toBeLessThan(10_000); // what the pipe, the outbox and this process hold
  const atRest = cpuTicks(run.pid!);
  await pause(stalledMs); // time for a busy loop to show, not for anything to happen
  expect(cpuTicks(run.pid!) - atRest).toBeLessThan(10);

  run.stdout.removeAllListeners('data').on('data', count).resume();
  const [status] = await new Promise<[number | null]>((resolve) => {
    run.once('close', (code) => resolve([code]));
  });
  expect({ status, lines }).toEqual({ status: 0, lines: many });
  const { flow } = summaryIn(cwd);
  expect(flow.lanes.waitedForSinkMs).toBeGreaterThan(stalledMs * 0.9);
  expect(flow.sourceWaitedMs).toBeGreaterThan(stalledMs * 0.9);
}, 120_000);

it('a source that is slow leaves the lanes idle, and nothing spins', async () => {
  await using server = await scriptedServer({ '*': { body: 'ok' } });
  const cwd = scratch();
  const run = startCli(['-', '-q', '--summary', 'run.json'], { cwd });
  run.stdin.write(`${server.url}/1\n`);
  await until(() => server.received.length === 1 && server.flights.now === 0);
  const before = cpuTicks(run.pid!);
  await pause(stalledMs);
  expect(cpuTicks(run.pid!) - before).toBeLessThan(10);
  run.stdin.end(`${server.url}/2\n`);
  const { status, stdout } = await ended(run);
  expect({ status, lines: stdout.split('\n').length - 1 }).toEqual({ status: 0, lines: 2 });
  const { flow } = summaryIn(cwd);
  expect(flow.bottleneck).toBe('source');
  expect(flow.lanes.waitedForSourceMs).toBeGreaterThan(stalledMs * 0.9);
});

function summaryIn(cwd: string): { readonly flow: FlowFigures } {
  return JSON.parse(readFileSync(path.join(cwd, 'run.json'), 'utf8')) as { flow: FlowFigures };
}

/** A figure that has stopped changing. */
async function settled(figure: () => Promise<number>): Promise<number> {
  for (let last = await figure(); ;) {
    await pause(100);
    const now = await figure();
    if (now === last) {
      return now;
    }
    last = now;
  }
}

it('a queue of 100, three consumers, a POST for each task, and a failure that stops nobody', async () => {
  await using server = await scriptedServer({
    '*': async ({ body }) => {
      await pause(1); // so that requests overlap
      const { n } = JSON.parse(body) as { n: number };
      return n % 10 === 0
        ? { status: 404, body: 'no such number' }
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ squared: n * n }) };
    },
  });
  const tasks = Array.from({ length: 300 }, (_, n) => ({ id: `task-${n}`, url: server.url, json: { n } }));
  const { status, stdout } = await cli(
    ['-', '--queue-size', '100', '--concurrency', '3', '--fields', 'id,body', '-q'],
    {
      stdin: tasks.map((task) => `${JSON.stringify(task)}\n`).join(''),
    },
  );
  expect(status).toBe(1);
  expect(server.flights.peak).toBe(3);
  expect(server.received.every(({ method }) => method === 'POST')).toBe(true);
  const results = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(results).toHaveLength(300);
  expect(results).toContainEqual({ id: 'task-7', body: { squared: 49 } });
  expect(results).toContainEqual({ id: 'task-20', body: 'no such number' });
});

/** Time that the process has been at work, in ticks of 10 ms. */
function cpuTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
