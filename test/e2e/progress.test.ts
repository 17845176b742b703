import { readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createLatch } from '../servers/latch.ts';
import { scriptedServer } from '../servers/scripted.ts';
import { until } from '../servers/until.ts';
import { cli, ended, lines, startCli } from './cli.ts';
import { scratch } from './scratch.ts';
import { startOnTerminal } from './terminal.ts';

const escape = '\u001b';
const hideCursor = `${escape}[?25l`;
const showCursor = `${escape}[?25h`;

/** What a stream has given so far; it is read from now on. */
function recorded(stream: NodeJS.ReadableStream): { text: string } {
  const record = { text: '' };
  stream.setEncoding('utf8').on('data', (chunk: string) => (record.text += chunk));
  return record;
}

/** A server that answers only when told to, but for the first `free` requests. */
async function heldServer(free: number) {
  const release = createLatch();
  const server = await scriptedServer({
    '*': async () => {
      if (server.received.length > free) {
        await release.opened;
      }
      return { body: 'ok' };
    },
  });
  return { server, release, [Symbol.asyncDispose]: () => server.close() };
}

describe('on a terminal', () => {
  it('draws a bar, which leaves no trace, and the records go whole into the file', async () => {
    await using held = await heldServer(20);
    const cwd = scratch();
    const child = startOnTerminal([`${held.server.url}/[1-100]`, '-c', '5'], '> out.jsonl', { cwd });
    const screen = recorded(child.stdout);
    await until(() => /20\/100 20 % · .* 5 in flight/.test(screen.text));
    held.release.open();
    expect((await ended(child)).status).toBe(0);
    expect(screen.text.indexOf(hideCursor)).toBeLessThan(screen.text.indexOf('█'));
    expect(screen.text.slice(screen.text.lastIndexOf(showCursor))).toContain('100 tasks in ');
    expect(lines(readFileSync(path.join(cwd, 'out.jsonl'), 'utf8'))).toHaveLength(100);
  });

  it('draws no bar for a stream whose length nobody knows', async () => {
    await using held = await heldServer(1);
    const cwd = scratch({ 'urls.txt': `${held.server.url}/1\n${held.server.url}/2\n` });
    // A substitution is a pipe: it cannot be counted ahead, and it does not end while we look.
    const child = startOnTerminal(
      ['-'],
      `> out.jsonl < <(cat urls.txt; until [ -e stop ]; do sleep 0.05; done)`,
      { cwd, env: { SHELL: '/bin/bash' } },
    );
    const screen = recorded(child.stdout);
    await until(() => /1 done · .* 1 in flight · 0:0\d elapsed/.test(screen.text));
    expect(screen.text).not.toMatch(/[%█░]/);
  });

  it('stays away where records stand on the same terminal', async () => {
    await using server = await scriptedServer({ '*': { body: 'ok' } });
    const { stdout, status } = await ended(startOnTerminal([`${server.url}/[1-3]`, '-o', '-'], ''));
    expect(status).toBe(0);
    expect(stdout).not.toContain(hideCursor);
    expect(stdout.match(/^\{.*\}\r$/gm)).toHaveLength(3);
  });

  it.each([
    { flags: ['-q'], shown: '' },
    { flags: ['--no-progress'], shown: '1 task in ' },
  ])('$flags', async ({ flags, shown }) => {
    await using server = await scriptedServer({ '*': { body: 'ok' } });
    const child = startOnTerminal([`${server.url}/1`, ...flags], '> out.jsonl', { cwd: scratch() });
    const { stdout, status } = await ended(child);
    expect(status).toBe(0);
    expect(stdout).not.toContain(hideCursor);
    expect(stdout.trim().slice(0, shown.length)).toBe(shown);
    expect(stdout === '').toBe(shown === '');
  });

  it.each([
    { env: { NO_COLOR: undefined }, colored: true },
    { env: { NO_COLOR: '' }, colored: true },
    { env: { NO_COLOR: '1' }, colored: false },
    { env: { NO_COLOR: undefined, TERM: 'dumb' }, colored: false },
  ])('has colours or not: $env', async ({ env, colored }) => {
    await using server = await scriptedServer({ '*': { body: 'ok' } });
    const settings = { cwd: scratch(), env };
    const child = startOnTerminal([`${server.url}/1`, '--no-progress'], '> out.jsonl', settings);
    const { stdout } = await ended(child);
    expect(stdout).toContain(colored ? `${escape}[32m1 ok${escape}[39m` : '1 ok');
    expect(stdout.includes(escape)).toBe(colored);
  });

  it('a second Ctrl-C gives the cursor back', async () => {
    await using held = await heldServer(0);
    const child = startOnTerminal([`${held.server.url}/[1-9]`], '> out.jsonl', { cwd: scratch() });
    const screen = recorded(child.stdout);
    await until(() => screen.text.includes('0/9'));
    child.stdin.write('\u0003');
    await until(() => screen.text.includes('once more to stop at once'));
    child.stdin.write('\u0003');
    expect((await ended(child)).status).toBe(130);
    expect(screen.text.lastIndexOf(showCursor)).toBeGreaterThan(screen.text.lastIndexOf(hideCursor));
  });
});

describe('where standard error is no terminal', () => {
  it('is absent', async () => {
    await using server = await scriptedServer({ '*': { body: 'ok' } });
    expect((await cli([`${server.url}/1`])).stderr).toMatch(/^\n1 task in /);
  });

  it('--progress writes plain lines', async () => {
    await using held = await heldServer(3);
    const child = startCli([`${held.server.url}/[1-10]`, '-c', '2', '--progress']);
    const stdout = text(child.stdout);
    const screen = recorded(child.stderr);
    await until(() => screen.text.endsWith('\n'));
    expect(screen.text).toMatch(/^3\/10 30 % · [\d.]+\/s · 2 in flight · .*\n$/);
    held.release.open();
    expect(lines(await stdout)).toHaveLength(10);
  });
});
