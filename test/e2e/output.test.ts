import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createLatch } from '../servers/latch.ts';
import { scriptedServer } from '../servers/scripted.ts';
import { cli, lines, shell, sorted } from './cli.ts';
import { scratch } from './scratch.ts';

const json = { headers: { 'content-type': 'application/json' }, body: '{"big":12345678901234567890}' };
const server = await scriptedServer({
  '/json': json,
  '/text': { headers: { 'content-type': 'text/plain' }, body: 'grün' },
  '/bytes': { headers: { 'content-type': 'image/png' }, body: Uint8Array.of(0, 255) },
  '/gone': { status: 410 },
  '*': { body: 'ok' },
});
const { url } = server;
afterAll(() => server.close());

describe('where records go', () => {
  it.each(['-o', '--output'])('%s FILE, which is made anew', async (flag) => {
    const cwd = scratch({ 'out.jsonl': 'what was there before, and longer than a record\n'.repeat(100) });
    const result = await cli([`${url}/[1-3]`, flag, 'out.jsonl', '-q'], { cwd });
    expect(result).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(lines(readFileSync(path.join(cwd, 'out.jsonl'), 'utf8'))).toHaveLength(3);
  });

  it('-o - is standard output', async () => {
    expect(lines((await cli([`${url}/[1-3]`, '-o', '-'])).stdout)).toHaveLength(3);
  });

  it.each([
    { file: 'nowhere/out.jsonl', reason: "ENOENT: no such file or directory, open 'nowhere/out.jsonl'" },
    { file: '.', reason: "EISDIR: illegal operation on a directory, open '.'" },
    { file: '/dev/full', reason: 'ENOSPC: no space left on device, write' },
  ])('3 when $file cannot be written', async ({ file, reason }) => {
    expect(await cli([`${url}/1`, '-o', file], { cwd: scratch() })).toEqual({
      status: 3,
      stdout: '',
      stderr: `bulkfetch: cannot write ${file}: ${reason}\n`,
    });
  });

  it.each([
    { command: 'bulkfetch "$URL/1" > /dev/full', progress: '' },
    {
      command: 'bulkfetch compare "$URL/1" --levels 1 > /dev/full',
      progress: '1 task one after the other …\n',
    },
  ])('3 when standard output is full: $command', async ({ command, progress }) => {
    const { status, stderr } = await shell(command, { env: { URL: url } });
    expect({ status, stderr }).toEqual({
      status: 3,
      stderr: `${progress}bulkfetch: cannot write standard output: ENOSPC: no space left on device, write\n`,
    });
  });

  it.each([
    { args: ['urls.txt', '-o', 'urls.txt'], said: '--output: urls.txt' },
    { args: ['urls.txt', '-o', './urls.txt'], said: '--output: ./urls.txt' },
    { args: ['urls.txt', '-o', 'out.jsonl', '--summary', 'urls.txt'], said: '--summary: urls.txt' },
    { args: ['-', '-o', 'urls.txt', '<', 'urls.txt'], said: '--output: urls.txt' },
  ])('2 when it would destroy the input: $args', async ({ args, said }) => {
    const cwd = scratch({ 'urls.txt': `${url}/1\n` });
    const { status, stderr } = await shell(`bulkfetch ${args.join(' ')}`, { cwd });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: `bulkfetch: ${said} is also an input; writing would destroy it\n`,
    });
    expect(readFileSync(path.join(cwd, 'urls.txt'), 'utf8')).toBe(`${url}/1\n`);
  });
});

describe('bodies', () => {
  const big = '"body":{"big":12345678901234567890}';
  it.each([
    { form: 'auto', expected: [big, '"body":"grün"', '"body":"AP8=","bodyEncoding":"base64"'] },
    {
      form: 'text',
      expected: [String.raw`"body":"{\"big\":12345678901234567890}"`, '"body":"grün"', '"bytes":2'],
    },
    { form: 'json', expected: [big, '"body":"grün"', '"bytes":2'] },
    {
      form: 'base64',
      expected: [
        '"body":"eyJiaWciOjEyMzQ1Njc4OTAxMjM0NTY3ODkwfQ==","bodyEncoding":"base64"',
        '"body":"Z3LDvG4=","bodyEncoding":"base64"',
        '"body":"AP8=","bodyEncoding":"base64"',
      ],
    },
  ])('--body $form', async ({ form, expected }) => {
    const { status, stdout } = await cli([`${url}/{json,text,bytes}`, '--ordered', '-q', '--body', form]);
    expect(status).toBe(0);
    expect(stdout.trimEnd().split('\n')).toEqual(expected.map((part) => expect.stringContaining(part)));
  });

  it('--body none', async () => {
    const { stdout } = await cli([`${url}/{json,text,bytes}`, '-q', '--body', 'none']);
    expect(sorted(stdout).map(({ body, bytes }) => ({ body, bytes }))).toEqual([
      { body: undefined, bytes: json.body.length },
      { body: undefined, bytes: 5 },
      { body: undefined, bytes: 2 },
    ]);
  });
});

describe('the order of records', () => {
  it.each([
    { args: [], first: 1 },
    { args: ['--ordered'], first: 0 },
  ])('$args', async ({ args, first }) => {
    const third = createLatch();
    await using slow = await scriptedServer({
      '/1': async () => {
        await third.opened;
        return { body: 'slow' };
      },
      '/2': { body: 'fast' },
      '/3': () => {
        third.open(); // with two at once, the second has ended when the third comes
        return { body: 'late' };
      },
    });
    const { stdout } = await cli([`${slow.url}/[1-3]`, '-q', '-c', '2', ...args]);
    expect(lines(stdout)[0]?.index).toBe(first);
    expect(sorted(stdout).map(({ index }) => index)).toEqual([0, 1, 2]);
  });
});

describe('the summary', () => {
  it('stands on standard error, in black and white where that is no terminal', async () => {
    const { status, stderr } = await cli([`${url}/{1,2,gone}`], { env: { NO_COLOR: undefined } });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^\n3 tasks in [\d.]+ m?s: 2 ok · 1 failed · /);
    expect(stderr).toContain('\nstatus     200 × 2 · 410 × 1\n');
    expect(stderr).toContain(`1 ×  status  HTTP_STATUS  HTTP 410 (${url}/gone)\n`);
    expect(stderr).not.toContain('\u001b');
  });

  it('--summary FILE is JSON', async () => {
    const cwd = scratch();
    const { status } = await cli([`${url}/{1,2,gone}`, '-c', '2', '--summary', 'summary.json', '-q'], {
      cwd,
    });
    expect(status).toBe(1);
    const phase = expect.any(Number);
    expect(JSON.parse(readFileSync(path.join(cwd, 'summary.json'), 'utf8'))).toMatchObject({
      concurrency: 2,
      interrupted: false,
      elapsedMs: phase,
      requestsPerSecond: phase,
      tasks: { total: 3, ok: 2, failed: 1, sent: 3 },
      attempts: 3,
      retries: 0,
      bytes: 4,
      statuses: { 200: 2, 410: 1 },
      failures: [
        {
          kind: 'status',
          code: 'HTTP_STATUS',
          count: 1,
          example: { index: 2, id: '2', url: `${url}/gone`, message: 'HTTP 410' },
        },
      ],
      latencyMs: { p50: phase, p90: phase, p99: phase, max: phase },
      comparison: {
        sequentialMs: phase,
        elapsedMs: phase,
        speedup: phase,
        idealMs: phase,
        shareOfIdeal: phase,
      },
    });
  });

  it('3 when that file cannot be written, before anything is fetched', async () => {
    const { status, stdout, stderr } = await cli([`${url}/1`, '--summary', 'nowhere/s.json'], {
      cwd: scratch(),
    });
    expect({ status, records: lines(stdout).length }).toEqual({ status: 3, records: 0 });
    expect(stderr).toMatch(
      /^bulkfetch: --summary: cannot write nowhere\/s\.json: ENOENT: no such file or directory, open 'nowhere\/s\.json'\n$/s,
    );
  });
});
