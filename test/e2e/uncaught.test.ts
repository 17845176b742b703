import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCutTrace } from '../report/trace-format.ts';
import { until } from '../servers/until.ts';
import { scratch } from './scratch.ts';
import { heldServer, startWith } from './watched.ts';

describe('what nobody catches', () => {
  it.each([
    ['unhandled rejection', "void Promise.reject(new Error('forgotten'))"],
    ['uncaught exception', "throw new Error('forgotten')"],
  ])('%s: is logged with --debug, and is a fault of our own, 3', async (what, fault) => {
    const module = `process.on('SIGUSR2', () => { ${fault} })`;
    const statuses = await Promise.all(
      [['--debug', '--log-level', 'error'], []].map(async (flags) => {
        const { server } = await heldServer();
        const run = startWith(module, [server.url, '-q', ...flags]);
        await until(() => server.received.length === 1);
        run.child.kill('SIGUSR2');
        const { status, stderr } = await run.end;
        expect(stderr).toMatch(
          /^bulkfetch: a fault of bulkfetch's own, please report it:\nbulkfetch: Error: forgotten\nbulkfetch: {5}at .*module\.mjs:1/m,
        );
        expect(stderr.includes(`error ${what}: Error: forgotten\n    at `)).toBe(flags.length > 0);
        expect(stderr).not.toContain('Waiting for the debugger');
        return status;
      }),
    );
    expect(statuses).toEqual([3, 3]);
  });

  it('leaves a trace that opens, with all that was before', async () => {
    const { server } = await heldServer();
    const file = path.join(scratch(), 'trace.json');
    const module = `process.on('SIGUSR2', () => { throw new Error('forgotten') })`;
    const run = startWith(module, [server.url, '-q', '--trace', file]);
    await until(() => server.received.length === 1);
    run.child.kill('SIGUSR2');
    expect((await run.end).status).toBe(3);
    const names = readCutTrace(readFileSync(file, 'utf8')).map(({ name }) => name);
    expect(names).toContain(`opened to ${server.url}`);
  });
});
