import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLatch } from '../servers/latch.ts';
import { scriptedServer } from '../servers/scripted.ts';
import { until } from '../servers/until.ts';
import { ended, lines, startCli } from './cli.ts';
import { scratch } from './scratch.ts';

const signals = [
  { signal: 'SIGINT', status: 130 },
  { signal: 'SIGTERM', status: 143 },
] as const;

/** A server that answers when released, and counts what comes. */
async function heldServer() {
  const release = createLatch();
  const server = await scriptedServer({
    '*': async () => {
      await release.opened;
      return { body: 'ok' };
    },
  });
  return { server, release, [Symbol.asyncDispose]: () => server.close() };
}

/** A command that runs with five in flight, and what it says. */
function startFive(held: Awaited<ReturnType<typeof heldServer>>, args: readonly string[]) {
  const child = startCli([...args, '-c', '5']);
  const said = { text: '' };
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said.text += chunk));
  const end = ended(child);
  return {
    child,
    said,
    end,
    fiveInFlight: () => until(() => held.server.flights.now === 5),
    stopping: () => until(() => said.text.includes('once more to stop at once')),
  };
}

const stopping = 'bulkfetch: stopping after the 5 in flight; once more to stop at once\n';

describe.each(signals)('$signal once', ({ signal, status }) => {
  it('lets what is in flight end, and starts nothing more', async () => {
    await using held = await heldServer();
    const run = startFive(held, [`${held.server.url}/[1-100]`]);
    await run.fiveInFlight();
    run.child.kill(signal);
    await run.stopping();
    held.release.open();
    const result = await run.end;
    expect(result.status).toBe(status);
    expect(lines(result.stdout).map(({ ok }) => ok)).toEqual([true, true, true, true, true]);
    expect(result.stderr.startsWith(`${stopping}\n5 tasks interrupted after `)).toBe(true);
    expect(held.server.received).toHaveLength(5);
  });

  it('ends although standard input does not', async () => {
    await using held = await heldServer();
    const run = startFive(held, ['-', '-q']);
    run.child.stdin.write(`${held.server.url}/1\n`.repeat(5));
    await run.fiveInFlight();
    run.child.kill(signal);
    await run.stopping();
    held.release.open();
    const result = await run.end;
    expect({ status: result.status, stderr: result.stderr }).toEqual({ status, stderr: stopping });
    expect(lines(result.stdout)).toHaveLength(5);
  });
});

describe.each(signals)('$signal twice', ({ signal, status }) => {
  it('ends at once', async () => {
    await using held = await heldServer();
    const run = startFive(held, [`${held.server.url}/[1-100]`]);
    await run.fiveInFlight();
    run.child.kill(signal);
    await run.stopping();
    run.child.kill(signal);
    expect(await run.end).toEqual({ status, stdout: '', stderr: stopping });
  });
});

it('the summary in a file says that the run was interrupted', async () => {
  await using held = await heldServer();
  const file = path.join(scratch(), 'summary.json');
  const run = startFive(held, [`${held.server.url}/[1-100]`, '--summary', file, '-q']);
  await run.fiveInFlight();
  run.child.kill('SIGINT');
  await run.stopping();
  held.release.open();
  await run.end;
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    interrupted: true,
    tasks: { total: 5, ok: 5 },
  });
});

it('waits for nothing when nothing is in flight', async () => {
  const child = startCli(['-', '-q']);
  const end = ended(child);
  child.stdin.write('no URL\n');
  child.stdout.once('readable', () => child.kill('SIGINT'));
  const { status, stdout, stderr } = await end;
  expect({ status, records: lines(stdout).length }).toEqual({ status: 130, records: 1 });
  expect(stderr).toContain('bulkfetch: stopping after the 0 in flight');
});
