import { describe, expect, it } from 'vitest';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { scriptedServer } from '../servers/scripted.ts';
import { cli, lines, type CliSettings } from './cli.ts';
import { scratch } from './scratch.ts';

const file = 'bulkfetch.config.json';

/** What `bulkfetch config` says of these options. */
async function config(args: readonly string[], keys: readonly string[], settings: CliSettings) {
  const { status, stdout, stderr } = await cli(['config', '--format', 'json', ...args], settings);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const all: Readonly<Record<string, unknown>> = JSON.parse(stdout);
  return keys.map((key) => all[key]);
}

describe('where an option comes from', () => {
  it('is a flag, else the environment, else the file, else the default', async () => {
    const cwd = scratch({ [file]: '{\n  "concurrency": 1,\n  "timeout": "1s",\n  "retry": 1\n}\n' });
    const env = { BULKFETCH_CONCURRENCY: '2', BULKFETCH_TIMEOUT: '2s' };
    const keys = ['concurrency', 'timeout', 'retry', 'retryDelay'];
    expect(await config(['-c', '3'], keys, { cwd, env })).toEqual([
      { value: '3', from: '--concurrency' },
      { value: '2s', from: 'BULKFETCH_TIMEOUT' },
      { value: 1, from: `${file}:4` },
      { value: '500ms', from: 'default' },
    ]);
  });

  it('may be a file of another name, or none', async () => {
    const cwd = scratch({
      [file]: '{"retry": 1}',
      'other.json': '{"retry": 2}',
      'third.json': '{"retry": 3}',
    });
    const env = { BULKFETCH_CONFIG: 'third.json' };
    const retry = async (args: readonly string[], settings: CliSettings) =>
      (await config(args, ['retry'], { cwd, ...settings }))[0];
    expect(await retry([], {})).toEqual({ value: 1, from: `${file}:1` });
    expect(await retry([], { env })).toEqual({ value: 3, from: 'third.json:1' });
    expect(await retry(['--config', 'other.json'], { env })).toEqual({ value: 2, from: 'other.json:1' });
    expect(await retry(['--no-config'], { env })).toEqual({ value: 3, from: 'default' });
  });

  it('a switch can be turned off again, a list is replaced', async () => {
    const cwd = scratch({ [file]: '{"insecure": true, "reuse": false, "header": ["A: 1", "B: 2"]}' });
    const args = ['--no-insecure', '--reuse', '-H', 'C: 3'];
    expect(await config(args, ['insecure', 'reuse', 'header'], { cwd })).toEqual([
      { value: false, from: '--no-insecure' },
      { value: true, from: '--reuse' },
      { value: ['C: 3'], from: '--header' },
    ]);
  });

  it('comes out in a form that a file takes', async () => {
    const { stdout } = await cli(['config', '--no-config', '--format', 'json', '--no-reuse', '--limit', '5']);
    const shown = Object.entries(JSON.parse(stdout) as Record<string, { value?: unknown }>);
    const written = Object.fromEntries(shown.map(([key, { value }]) => [key, value]));
    const cwd = scratch({ [file]: JSON.stringify(written) });
    const values = (await config([], Object.keys(written), { cwd })).map(
      (one) => (one as { value?: unknown }).value,
    );
    expect(values).toEqual(Object.values(written));
  });

  it('is shown to people as a table', async () => {
    const cwd = scratch({ [file]: '{"header": ["A: 1", "Authorization: Bearer s3cr3t"]}' });
    const { stdout } = await cli(['config', '-c', '3'], { cwd });
    const lines = stdout.split('\n').map((line) => line.split(/ {2,}/));
    expect(lines[0]).toEqual(['option', 'value', 'set by']);
    expect(lines).toContainEqual(['concurrency', '3', '--concurrency']);
    expect(lines).toContainEqual(['header', 'A: 1, Authorization: Bearer ***', `${file}:1`]);
    expect(lines).toContainEqual(['rate', '-', 'default']);
  });
});

describe('a run', () => {
  it('does what file and environment say', async () => {
    await using server = await scriptedServer({ '*': { body: 'ok' } });
    const cwd = scratch({
      [file]: '{"header": ["X-From: file"], "output": ["out.jsonl"], "quiet": true, "json": "@body.json"}',
      'body.json': '[1]',
    });
    const env = { BULKFETCH_USER_AGENT: 'mine', BULKFETCH_METHOD: 'PUT', BULKFETCH_BODY: 'none' };
    expect(await cli([`${server.url}/a`], { cwd, env })).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(server.received).toMatchObject([
      { method: 'PUT', body: '[1]', headers: { 'x-from': 'file', 'user-agent': 'mine' } },
    ]);
    const records = lines(readFileSync(path.join(cwd, 'out.jsonl'), 'utf8'));
    expect(records.map(({ ok, status, body }) => ({ ok, status, body }))).toEqual([
      { ok: true, status: 200, body: undefined },
    ]);
  });

  it('of compare as well, without what it does not take', async () => {
    await using server = await scriptedServer({ '*': { body: 'ok' } });
    const cwd = scratch({ [file]: '{"output": ["out.jsonl"], "concurrency": 7, "userAgent": "mine"}' });
    const { status, stdout } = await cli(['compare', `${server.url}/`, '--format', 'json'], { cwd });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ runs: [{ concurrency: 10 }, { concurrency: 50 }] });
    expect(server.received.map(({ headers }) => headers['user-agent'])).toEqual(Array(3).fill('mine'));
    expect(readdirSync(cwd)).toEqual([file]);
  });

  it('lists of the environment are one item a line', async () => {
    await using server = await scriptedServer({ '*': { body: 'ok' } });
    const env = { BULKFETCH_HEADER: 'X-A: 1, 2\nX-B: 3\n', BULKFETCH_RATE: '' };
    await cli([`${server.url}/`], { cwd: scratch(), env });
    expect(server.received).toMatchObject([{ headers: { 'x-a': '1, 2', 'x-b': '3' } }]);
  });
});

describe('secrets', () => {
  it('are not shown, and a variable as it was written', async () => {
    const cwd = scratch({
      [file]: JSON.stringify({
        header: ['X-Api-Key: s3cr3t', 'Authorization: Bearer ${TOKEN}', 'Cookie: ${TOKEN}; a=s3cr3t'],
        user: 'ada:s3cr3t',
        proxy: 'http://ada:s3cr3t@127.0.0.1:3128',
      }),
    });
    const args = ['--bearer', 's3cr3t', '-b', 'a=s3cr3t', '--pass', 's3cr3t', '--cert', 'me.pem:s3cr3t'];
    const env = { TOKEN: 's3cr3t' };
    const keys = ['header', 'user', 'proxy', 'bearer', 'cookie', 'pass', 'cert'];
    const values = (await config(args, keys, { cwd, env })).map(
      (shown) => (shown as { value: unknown }).value,
    );
    expect(values).toEqual([
      ['X-Api-Key: ***', 'Authorization: Bearer ${TOKEN}', 'Cookie: ${TOKEN}***'],
      'ada:***',
      'http://***@127.0.0.1:3128',
      '***',
      ['***'],
      '***',
      'me.pem:***',
    ]);
  });
});

describe('what is wrong is named by its place, exit 2', () => {
  const duration = 'must be a duration such as 500ms, 10s, 2m or 1h (a bare number is seconds)';

  it.each<[text: string, said: string]>([
    ['{"timeout": "soon"}', `1: timeout: ${duration}, not "soon"`],
    ['{\n\n"insecure": "yes"}', '3: insecure: must be true or false'],
    ['{"header": "A: 1"}', '1: header: must be a list'],
    ['{"header": ["A 1"]}', "1: header: must be 'Name: value', not a line without a name and a colon"],
    ['{"json": "[1,"}', '1: json: not valid JSON: Unexpected end of JSON input'],
    ['{\n  "rate": 1,\n}', '3:1: not valid JSON: Unexpected token RBrace'],
    ['{"per-host-rate": 5}', '1: per-host-rate: no such option (did you mean perHostRate?)'],
    [
      '{"tokenCommand": "rm -rf /"}',
      `1: tokenCommand: a command is run only from a file that you name: --config ${file}`,
    ],
  ])('%j', async (text, said) => {
    const { status, stderr } = await cli(['http://127.0.0.1:1/'], { cwd: scratch({ [file]: text }) });
    expect({ status, stderr }).toEqual({ status: 2, stderr: `bulkfetch: ${file}:${said}\n` });
  });

  it.each<[env: NodeJS.ProcessEnv, args: readonly string[], said: string]>([
    [{ BULKFETCH_TIMEOUT: 'soon' }, [], `BULKFETCH_TIMEOUT: ${duration}, not "soon"`],
    [{ BULKFETCH_INSECURE: 'yes' }, [], 'BULKFETCH_INSECURE: must be 1, 0, true or false, not "yes"'],
    [{ BULKFETCH_DATA: 'a' }, ['--json', '1'], '--json and BULKFETCH_DATA are two bodies: give one of them'],
    [{ BULKFETCH_TIMEOUT: 'soon' }, ['--timeout', 'late'], `--timeout: ${duration}, not "late"`],
    [
      { BULKFETCH_CONFIG: 'nowhere.json' },
      [],
      "BULKFETCH_CONFIG: cannot read nowhere.json: ENOENT: no such file or directory, open 'nowhere.json'",
    ],
    [
      {},
      ['--config', 'nowhere.json'],
      "--config: cannot read nowhere.json: ENOENT: no such file or directory, open 'nowhere.json'",
    ],
  ])('%j %j', async (env, args, said) => {
    const { status, stderr } = await cli(['http://127.0.0.1:1/', ...args], { cwd: scratch(), env });
    expect({ status, stderr }).toEqual({ status: 2, stderr: `bulkfetch: ${said}\n` });
  });

  it('a variable that is misspelt is told and passed over, one that is none of ours is not told', async () => {
    const env = { BULKFETCH_CONCURENCY: '5', BULKFETCH_SERVICE_HOST: '10.0.0.1', BULKFETCH_PORT_80_TCP: 'x' };
    const { status, stderr } = await cli(['config'], { cwd: scratch(), env });
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: 'bulkfetch: BULKFETCH_CONCURENCY is no option (did you mean BULKFETCH_CONCURRENCY?)\n',
    });
  });

  it('a flag that stands before the command', async () => {
    const { status, stderr } = await cli(['-c', '5', 'config']);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'bulkfetch: flags follow the command: bulkfetch config --concurrency\n',
    });
  });
});

it('no file is read by commands that do not fetch', async () => {
  const { status } = await cli(['completion', 'bash'], { cwd: scratch({ [file]: 'broken' }) });
  expect(status).toBe(0);
});
