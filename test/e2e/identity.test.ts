import { existsSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { scriptedServer } from '../servers/scripted.ts';
import { cli, sorted } from './cli.ts';
import { scratch } from './scratch.ts';

/** Fails in every way that a server can, and never says what it was sent. */
const server = await scriptedServer({
  '/ok': { body: 'ok', headers: { 'set-cookie': 'sid=1; Path=/' } },
  '/401': { status: 401, body: 'no' },
  '/407': { status: 407 },
  '/500': { status: 500 },
  '/reset': (_, response) => void response.destroy(),
  '/away': { status: 302, headers: { location: 'http://127.0.0.1:1/' } },
  '/nowhere': { status: 302, headers: { location: 'nowhere:' } },
  '/slow': () => undefined,
});
afterAll(() => server.close());

const secret = 'hunter2-s3cret';
const env = { API_TOKEN: secret };
const forms = [secret, btoa(`me:${secret}`), encodeURIComponent(secret)];
const kinds = ['ok', '401', '407', '500', 'reset', 'away', 'nowhere', 'slow'];

describe('a secret is in nothing that is written', () => {
  it.each<[string, readonly string[]]>([
    ['-H', ['-H', 'Authorization: Bearer ${API_TOKEN}']],
    ['-H of any name', ['-H', `X-Api-Key: ${secret}`]],
    ['-u', ['-u', 'me:${API_TOKEN}']],
    ['--bearer', ['--bearer', secret]],
    ['-b', ['-b', 'sid=${API_TOKEN}']],
    ['-d', ['-d', 'password=${API_TOKEN}', '--idempotency-key']],
    ['--json', ['--json', '{"password":"${API_TOKEN}"}']],
    ['--token-command', ['--token-command', 'printf %s "$API_TOKEN"']],
    ['--netrc-file', ['--netrc-file', 'netrc']],
    ['-b FILE', ['-b', 'cookies']],
  ])('%s', async (_, args) => {
    const cwd = scratch({
      netrc: `default login me password ${secret}\n`,
      cookies: `127.0.0.1\tFALSE\t/\tFALSE\t0\town\t${secret}\n`,
    });
    const urls = [...kinds.map((kind) => `${server.url}/${kind}`), 'http://127.0.0.1:1/', 'nonsense:'];
    const before = server.received.length;
    const { status, stdout, stderr } = await cli(
      [...urls.slice(0, -1), '-', '--retry', '1', '--retry-delay', '1ms', '--timeout', '200ms'].concat([
        '--summary',
        'summary.json',
        '--progress',
        ...args,
      ]),
      { cwd, env, stdin: `${urls.at(-1)}\n` },
    );
    expect(status).toBe(1);
    expect(sorted(stdout).map(({ url }) => url)).toEqual(urls);
    const sent = server.received.slice(before).map(({ headers, body }) => JSON.stringify([headers, body]));
    expect(sent.filter((one) => forms.some((form) => one.includes(form)))).toHaveLength(sent.length);
    for (const written of [stdout, stderr, readFileSync(`${cwd}/summary.json`, 'utf8')]) {
      expect(forms.filter((form) => written.includes(form))).toEqual([]);
    }
  });

  it.each<[string, readonly string[], string]>([
    ['a header without a colon', ['-H', '${API_TOKEN}'], "--header: must be 'Name: value'"],
    ['a header with a bad name', ['-H', 'X ${API_TOKEN}: 1'], "--header: must be 'Name: value'"],
    ['a bearer token with a space', ['--bearer', 'Bearer ${API_TOKEN}'], '--bearer: must be a token'],
    ['bad JSON', ['--json', '{"a":${API_TOKEN}}'], '--json: not valid JSON'],
    ['a bad proxy', ['-x', 'ftp://me:${API_TOKEN}@proxy'], '--proxy: must be'],
    ['two credentials', ['-u', 'me:${API_TOKEN}', '--bearer', '${API_TOKEN}'], '--user and --bearer'],
    [
      'a token command that fails',
      ['--token-command', 'echo "no $API_TOKEN" >&2; exit 3', '-H', 'X: ${API_TOKEN}'],
      '--token-command: it exited with status 3: no ***',
    ],
  ])('%s', async (_, args, message) => {
    const { status, stdout, stderr } = await cli([`${server.url}/ok`, ...args], { env });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`bulkfetch: ${message}`);
    expect(stderr).not.toContain(secret);
  });
});

it('a variable that is not set is a usage error that names it', async () => {
  expect(await cli([`${server.url}/ok`, '-H', 'X: ${BULK_NOT_SET}'])).toEqual({
    status: 2,
    stdout: '',
    stderr:
      'bulkfetch: --header: the environment has no variable BULK_NOT_SET (write $${BULK_NOT_SET} for the text itself)\n',
  });
});

it('what is in a file is not expanded, and a secret names no file', async () => {
  const cwd = scratch({ body: '${API_TOKEN}' });
  await cli([`${server.url}/ok`, '-d', '@${NAME}'], { cwd, env: { NAME: 'body' } });
  expect(server.received.at(-1)?.body).toBe('${API_TOKEN}');
  await cli([`${server.url}/ok`, '-d', '${NAME}'], { cwd, env: { NAME: '@body' } });
  expect(server.received.at(-1)?.body).toBe('@body');
});

it('credentials that cannot be had leave the output of the run before alone', async () => {
  const cwd = scratch({ 'out.jsonl': 'before' });
  const args = [`${server.url}/ok`, '-o', 'out.jsonl', '--token-command', 'false'];
  expect(await cli(args, { cwd })).toMatchObject({
    status: 2,
    stderr: 'bulkfetch: --token-command: it exited with status 1\n',
  });
  expect(readFileSync(`${cwd}/out.jsonl`, 'utf8')).toBe('before');
});

it('a jar that cannot be written is told before anything is fetched', async () => {
  const before = server.received.length;
  const { status, stderr } = await cli([`${server.url}/ok`, '--cookie-jar', '/nowhere/jar']);
  expect(status).toBe(3);
  expect(stderr).toMatch(/^bulkfetch: --cookie-jar: cannot write \/nowhere\/jar: ENOENT/);
  expect(server.received).toHaveLength(before);
});

it('-n reads ~/.netrc', async () => {
  const cwd = scratch({ '.netrc': 'machine 127.0.0.1 login me password pw\n' });
  await cli([`${server.url}/ok`, '-n'], { env: { HOME: cwd } });
  expect(server.received.at(-1)?.headers.authorization).toBe(`Basic ${btoa('me:pw')}`);
  const { status, stderr } = await cli([`${server.url}/ok`, '-n'], { env: { HOME: '/nowhere' } });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^bulkfetch: --netrc: cannot read \/nowhere\/.netrc: ENOENT/);
});

it('the jar is written when tasks have failed, too', async () => {
  const cwd = scratch();
  const { status } = await cli([`${server.url}/ok`, `${server.url}/401`, '--cookie-jar', 'jar'], { cwd });
  expect(status).toBe(1);
  expect(existsSync(`${cwd}/jar`)).toBe(true);
});
