import { afterAll, describe, expect, it } from 'vitest';
import { scriptedServer } from '../servers/scripted.ts';
import { cli } from './cli.ts';

const server = await scriptedServer({ '/gone': { status: 404 }, '*': { body: 'ok' } });
const { url } = server;
afterAll(() => server.close());

const cells = (line: string) => line.trim().split(/ {2,}/);
const number: number = expect.any(Number);

describe('as a table', () => {
  it('measures one after the other, 10 and 50 at once', async () => {
    const { status, stdout, stderr } = await cli(['compare', `${url}/[1-60]`]);
    expect(status).toBe(0);
    expect(stderr).toBe('60 tasks one after the other …\n60 tasks, 10 at once …\n60 tasks, 50 at once …\n');
    const [head, ...rows] = stdout.trimEnd().split('\n').map(cells);
    expect(head).toEqual([
      'at once',
      'elapsed',
      'requests/s',
      'p50',
      'p99',
      'failed',
      'speed-up',
      'ideal',
      'of ideal',
    ]);
    expect(rows.map((row) => [row[0], row[5]])).toEqual([
      ['1', '0'],
      ['10', '0'],
      ['50', '0'],
    ]);
    expect(rows.map((row) => row[6] ?? '')).toEqual([
      '',
      expect.stringMatching(/^[\d.]+x$/),
      expect.stringMatching(/^[\d.]+x$/),
    ]);
    expect(server.received).toHaveLength(180);
  });

  it('says when the sequential time is extrapolated from a sample', async () => {
    const { status, stdout } = await cli(['compare', `${url}/[1-40]`, '--sample', '4', '--levels', '8']);
    expect(status).toBe(0);
    expect(stdout.split('\n')[1]).toMatch(/^ +1 +\*[\d.]+ m?s /);
    expect(stdout).toMatch(
      /\n\* extrapolated, not measured: a sample of 4 of 40 tasks took [\d.]+ m?s one after the other\n$/,
    );
  });
});

describe('as JSON', () => {
  it('has the same', async () => {
    const { status, stdout } = await cli([
      'compare',
      `${url}/[1-20]`,
      '--levels',
      '1,4,5',
      '--format',
      'json',
    ]);
    expect(status).toBe(0);
    const run = {
      tasks: 20,
      failed: 0,
      elapsedMs: number,
      requestsPerSecond: number,
      p50: number,
      p99: number,
    };
    const compared = { ...run, speedup: number, idealMs: number, shareOfIdeal: number };
    expect(JSON.parse(stdout)).toEqual({
      tasks: 20,
      longestMs: number,
      sequential: { ...run, concurrency: 1, extrapolated: false, sequentialMs: number },
      runs: [
        { ...compared, concurrency: 4 },
        { ...compared, concurrency: 5 },
      ],
    });
  });

  it('marks a sample', async () => {
    const { stdout } = await cli([
      'compare',
      `${url}/[1-20]`,
      '--levels',
      '4',
      '--sample',
      '5',
      '--format',
      'json',
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ tasks: 20, sequential: { tasks: 5, extrapolated: true } });
  });
});

describe('methods that may change something', () => {
  it.each([
    { args: ['-X', 'POST'], method: 'POST' },
    { args: ['-X', 'DELETE'], method: 'DELETE' },
    { args: ['-d', 'a=1'], method: 'POST' },
  ])('are refused: $args', async ({ args, method }) => {
    const before = server.received.length;
    expect(await cli(['compare', `${url}/1`, ...args])).toEqual({
      status: 2,
      stdout: '',
      stderr: `bulkfetch: compare sends each request several times, and ${method} may change something: give --unsafe if that is meant\n`,
    });
    expect(server.received).toHaveLength(before);
  });

  it('are sent with --unsafe', async () => {
    const { status } = await cli(['compare', `${url}/posted`, '-d', 'a=1', '--unsafe', '--levels', '2']);
    expect(status).toBe(0);
    expect(
      server.received
        .filter(({ target }) => target === '/posted')
        .map(({ method, body }) => ({ method, body })),
    ).toEqual([1, 2].map(() => ({ method: 'POST', body: 'a=1' })));
  });
});

describe('exit status', () => {
  it('is 1 when a task failed', async () => {
    const { status, stdout } = await cli(['compare', `${url}/{1,gone}`, '--levels', '2']);
    expect(status).toBe(1);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((row) => cells(row)[5]),
    ).toEqual(['1', '1']);
  });

  it.each([
    { args: ['--levels', '1,0'], said: '--levels: must be a whole number of at least 1, not "0"' },
    { args: ['--levels', ''], said: '--levels: must be a whole number of at least 1, not ""' },
    { args: ['--sample', 'some'], said: '--sample: must be a whole number of at least 1, not "some"' },
    {
      args: ['--format', 'yaml'],
      said: "option '--format <form>' argument 'yaml' is invalid. Allowed choices are table, json.",
    },
    {
      args: ['--timeout', 'soon'],
      said: '--timeout: must be a duration such as 500ms, 10s, 2m or 1h (a bare number is seconds), not "soon"',
    },
  ])('is 2 for $args', async ({ args, said }) => {
    expect(await cli(['compare', `${url}/1`, ...args])).toEqual({
      status: 2,
      stdout: '',
      stderr: `bulkfetch: ${said}\n`,
    });
  });

  it('is 2 without a task', async () => {
    expect(await cli(['compare', '-'])).toMatchObject({
      status: 2,
      stderr: 'bulkfetch: no task: there is no URL in -\n',
    });
  });
});
