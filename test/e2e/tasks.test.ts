import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { scriptedServer } from '../servers/scripted.ts';
import { until } from '../servers/until.ts';
import { cli, ended, sorted, startCli } from './cli.ts';
import { scratch } from './scratch.ts';

const server = await scriptedServer({ '/silent': () => {}, '*': { body: 'ok' } });
afterAll(() => server.close());
const { url } = server;

/** A task file of these tasks. */
const jsonl = (...tasks: readonly object[]) => tasks.map((task) => `${JSON.stringify(task)}\n`).join('');

/** What the server received for a path. */
function receivedAt(target: string) {
  const { method, headers, body } = server.received.findLast((received) => received.target === target)!;
  return { method, type: headers['content-type'], key: headers['x-key'], body };
}

const json = 'application/json';
const form = 'application/x-www-form-urlencoded';

describe('a task file', () => {
  it('sends what each task says, and what the flags say where it does not', async () => {
    const tasks = jsonl(
      { url: `${url}/get`, method: 'GET', headers: { 'x-key': 'own' } },
      { url: `${url}/flags` },
      { url: `${url}/json`, json: { a: 1 }, headers: { 'X-Key': null } },
      { url: `${url}/form`, method: 'PUT', form: { q: 'a b', n: [1, 2] } },
      { url: `${url}/text`, body: 'täxt', headers: { 'Content-Type': 'text/plain' } },
      { url: `${url}/file`, bodyFile: 'body.bin' },
    );
    const cwd = scratch({ 'tasks.jsonl': tasks, 'body.bin': 'from a file' });
    const args = ['tasks.jsonl', '-q', '-X', 'POST', '-H', 'X-Key: all', '-d', 'of=all'];
    expect(await cli(args, { cwd })).toMatchObject({ status: 0, stderr: '' });
    expect(['/get', '/flags', '/json', '/form', '/text', '/file'].map(receivedAt)).toEqual([
      { method: 'GET', type: form, key: 'own', body: 'of=all' },
      { method: 'POST', type: form, key: 'all', body: 'of=all' },
      { method: 'POST', type: json, key: undefined, body: '{"a":1}' },
      { method: 'PUT', type: form, key: 'all', body: 'q=a+b&n=1&n=2' },
      { method: 'POST', type: 'text/plain', key: 'all', body: 'täxt' },
      { method: 'POST', type: undefined, key: 'all', body: 'from a file' },
    ]);
  });

  it('gives id and meta back as they were written', async () => {
    const task = `{"url":"${url}/meta","id":12345678901234567890,"meta":{"n":12345678901234567890,"a":[1.10,null]}}`;
    const { stdout } = await cli(['-', '-q'], { stdin: task });
    expect(stdout).toContain('"id":"12345678901234567890"');
    expect(stdout).toContain('"meta":{"n":12345678901234567890,"a":[1.10,null]}');
  });

  it('has a time limit for a task', async () => {
    const tasks = jsonl({ url: `${url}/silent`, timeout: '50ms' }, { url: `${url}/fine`, timeout: 5000 });
    const { status, stdout } = await cli(['-', '-q', '--retry', '0', '--timeout', '1m'], { stdin: tasks });
    expect(status).toBe(1);
    expect(sorted(stdout).map(({ error }) => error?.message)).toEqual([
      `${url}: no answer within 50 ms`,
      undefined,
    ]);
  });

  it('goes on after lines that are no task, and tells of each', async () => {
    const lines = ['{"url":"x"}', 'http://a/', `{"url":"${url}/ok","metod":"GET"}`, `{"url":"${url}/ok"}`];
    const cwd = scratch({ 'tasks.jsonl': lines.join('\n') });
    const { status, stdout, stderr } = await cli(['tasks.jsonl', '-q'], { cwd });
    expect(status).toBe(1);
    expect(stderr).toBe(
      'bulkfetch: tasks.jsonl:1: not a URL: "x"\n' +
        "bulkfetch: tasks.jsonl:2: not JSON: Unexpected token 'h'\n" +
        'bulkfetch: tasks.jsonl:3: unknown key metod (did you mean method?)\n',
    );
    expect(sorted(stdout).map(({ ok, error, url: shown }) => [ok, error?.code, shown])).toEqual([
      [false, 'INVALID_URL', 'x'],
      [false, 'INVALID_TASK', ''],
      [false, 'INVALID_TASK', `${url}/ok`],
      [true, undefined, `${url}/ok`],
    ]);
  });

  it('has a record for a body that cannot be read', async () => {
    const { status, stdout } = await cli(['-', '-q'], {
      stdin: jsonl({ url: `${url}/nothing`, bodyFile: '/nowhere/body' }),
    });
    expect(status).toBe(1);
    expect(sorted(stdout)[0]?.error).toMatchObject({ kind: 'input', code: 'BODY_FILE' });
    expect(server.hits('/nothing')).toBe(0);
  });

  it('is fetched from standard input while more is still to come', async () => {
    const child = startCli(['-', '-q']);
    child.stdin.write(jsonl({ url: `${url}/first`, body: '1' }));
    await until(() => server.hits('/first') === 1);
    child.stdin.end(jsonl({ url: `${url}/second`, body: '2' }));
    expect((await ended(child)).status).toBe(0);
    expect(receivedAt('/second').body).toBe('2');
  });
});

describe('where tasks come from', () => {
  it('may be compressed, and cut off: then what was whole is fetched', async () => {
    const cwd = scratch();
    const tasks = Array.from({ length: 2000 }, (_, n) => ({ url: `${url}/zip/${n}`, id: `task-${n}` }));
    const data = gzipSync(jsonl(...tasks));
    writeFileSync(path.join(cwd, 'tasks.jsonl.gz'), data);
    writeFileSync(path.join(cwd, 'torn.jsonl.gz'), data.subarray(0, -10));
    const whole = await cli(['tasks.jsonl.gz', '-q'], { cwd });
    expect(whole).toMatchObject({ status: 0, stderr: '' });
    expect(sorted(whole.stdout).map(({ id }) => id)).toEqual(tasks.map(({ id }) => id));

    const torn = await cli(['torn.jsonl.gz', '-q'], { cwd });
    expect(torn).toMatchObject({
      status: 2,
      stderr: 'bulkfetch: torn.jsonl.gz: not whole gzip data: unexpected end of file\n',
    });
    expect(sorted(torn.stdout).length).toBeGreaterThan(1000);
  });

  it('may be all files that match a pattern', async () => {
    const cwd = scratch({
      'b.jsonl': jsonl({ url: `${url}/b` }),
      'a.jsonl': jsonl({ url: `${url}/a` }),
      'c.txt': 'nonsense',
    });
    const { status, stdout } = await cli(['*.jsonl', '-q'], { cwd });
    expect(status).toBe(0);
    expect(sorted(stdout).map((line) => line.url)).toEqual([`${url}/a`, `${url}/b`]);
    expect(await cli(['*.csv'], { cwd })).toEqual({
      status: 2,
      stdout: '',
      stderr: 'bulkfetch: *.csv: no such file, and none that matches it as a pattern\n',
    });
    expect(await cli(['*.jsonl', '-o', 'b.jsonl'], { cwd })).toMatchObject({
      status: 2,
      stderr: 'bulkfetch: --output: b.jsonl is also an input; writing would destroy it\n',
    });
  });

  it('may be said, against the name', async () => {
    const cwd = scratch({ 'tasks.txt': jsonl({ url: `${url}/said` }) });
    expect(await cli(['tasks.txt', '--input-format', 'jsonl', '-q'], { cwd })).toMatchObject({ status: 0 });
    expect(await cli(['tasks.txt', '--input-format', 'json'], { cwd })).toEqual({
      status: 2,
      stdout: '',
      stderr: 'bulkfetch: --input-format: must be lines, jsonl, csv or tsv\n',
    });
  });
});

it('compare refuses a task that may change something', async () => {
  const stdin = jsonl({ url: `${url}/once`, body: '1' });
  const { status, stderr } = await cli(['compare', '-'], { stdin });
  expect(status).toBe(2);
  expect(stderr).toContain('POST may change something');
  expect(server.hits('/once')).toBe(0);
});
