import { expect, it } from 'vitest';
import { cli, type Line } from '../e2e/cli.ts';
import { scratch } from '../e2e/scratch.ts';
import { faults } from '../servers/faults/index.ts';
import { drawn, faultServer, type FaultServer } from '../servers/faults/server.ts';
import { failOnLeaks } from '../servers/leaks.ts';
import { expectSound, taskFile } from './runs.ts';

failOnLeaks();

const count = 2000;
const names = Object.keys(faults).filter((name) => faults[name]!.harmsNext === undefined);
const limits = ['--timeout', '1s', '--max-body', '64KiB', '--retry-delay', '10ms', '--concurrency', '50'];
/** What is retried without being asked for, so that a GET survives a fault that is gone by then. */
const transient = new Set(['timeout', 'reset', 'status']);

it.each([1, 5, 20])(
  '%d percent of faults: each task is told right, none is lost or sent twice',
  async (percent) => {
    await using server = await faultServer(drawn(names, percent / 100, percent));
    const cwd = scratch({ 'tasks.jsonl': taskFile(server.url, count) });
    const failed = expectSound(await cli(['tasks.jsonl', ...limits], { cwd }), server, count);
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.filter((record) => !isToldRight(record, server))).toEqual([]);
    expect(failed.filter(({ id, error }) => id.startsWith('g') && transient.has(error!.kind))).toEqual([]);
    expect(server.peak).toBeLessThanOrEqual(50);
  },
);

/** As the last fault that the server gave the task is to be told. */
function isToldRight({ id, error }: Line, { given }: FaultServer): boolean {
  const last = given.get(id)?.at(-1);
  // A POST is not sent again, for it may have arrived: a connection may close just then, a busy machine be late.
  return last === undefined
    ? id.startsWith('p') && (error?.kind === 'reset' || error?.kind === 'timeout')
    : faults[last.fault ?? '']?.told === error?.code;
}
