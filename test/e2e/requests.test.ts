import { afterAll, describe, expect, it } from 'vitest';
import { version } from '../../src/model/version.ts';
import { scriptedServer, type Received } from '../servers/scripted.ts';
import { caFile, tlsServer } from '../servers/tls.ts';
import { cli, lines } from './cli.ts';
import { scratch } from './scratch.ts';

const server = await scriptedServer({ '*': { body: 'ok' } });
afterAll(() => server.close());

/** What the server receives for these arguments. */
async function sent(args: readonly string[], files = {}, stdin = ''): Promise<Received> {
  const before = server.received.length;
  const result = await cli([`${server.url}/`, '-q', ...args], { cwd: scratch(files), stdin });
  expect(result).toMatchObject({ status: 0, stderr: '' });
  expect(server.received).toHaveLength(before + 1);
  return server.received.at(-1)!;
}

const json = 'application/json';
const form = 'application/x-www-form-urlencoded';

describe('method and body', () => {
  it.each([
    { args: [], method: 'GET', body: '', type: undefined },
    { args: ['-X', 'DELETE'], method: 'DELETE', body: '', type: undefined },
    { args: ['--request', 'OPTIONS'], method: 'OPTIONS', body: '', type: undefined },
    { args: ['-d', 'a=1&b=ü'], method: 'POST', body: 'a=1&b=ü', type: form },
    { args: ['-d', ''], method: 'POST', body: '', type: form },
    { args: ['-d', '@body.txt'], method: 'POST', body: 'from a file\n', type: form },
    { args: ['-d', '@-'], method: 'POST', body: 'from stdin', type: form },
    { args: ['--data', '{}', '-H', `Content-Type: ${json}`], method: 'POST', body: '{}', type: json },
    { args: ['--json', '{"id": 7}'], method: 'POST', body: '{"id": 7}', type: json },
    { args: ['--json', '@body.json', '-X', 'PUT'], method: 'PUT', body: '{"id":8}\n', type: json },
  ])('$args', async ({ args, method, body, type }) => {
    const files = { 'body.txt': 'from a file\n', 'body.json': '{"id":8}\n' };
    const received = await sent(args, files, 'from stdin');
    expect({ method: received.method, body: received.body, type: received.headers['content-type'] }).toEqual({
      method,
      body,
      type,
    });
  });
});

describe('header fields', () => {
  const defaults = {
    accept: '*/*',
    'accept-encoding': 'gzip, deflate, br, zstd',
    'user-agent': `bulkfetch/${version}`,
  };
  it.each([
    { args: [], expected: defaults },
    { args: ['-A', 'me/1'], expected: { ...defaults, 'user-agent': 'me/1' } },
    { args: ['-H', 'X-Key: a: b'], expected: { ...defaults, 'x-key': 'a: b' } },
    { args: ['-H', 'X-Key: a', '-H', 'x-key: b'], expected: { ...defaults, 'x-key': 'a, b' } },
    { args: ['-H', 'Accept: text/html'], expected: { ...defaults, accept: 'text/html' } },
    { args: ['-H', 'Accept:'], expected: { ...defaults, accept: undefined } },
    { args: ['-H', 'User-Agent:', '-A', 'me/1'], expected: { ...defaults, 'user-agent': undefined } },
    { args: ['-H', 'X-Empty;'], expected: { ...defaults, 'x-empty': '' } },
    { args: ['-H', 'Host: elsewhere.example'], expected: { ...defaults, host: 'elsewhere.example' } },
  ])('$args', async ({ args, expected }) => {
    const { headers } = await sent(args);
    expect({ ...headers }).toEqual({ host: `127.0.0.1:${server.port}`, ...expected });
  });
});

describe('user name and password in a URL', () => {
  it('are sent, and not told', async () => {
    const url = `http://user:p%40ss@127.0.0.1:${server.port}/secret`;
    const { status, stdout, stderr } = await cli([url]);
    expect(status).toBe(0);
    expect(server.received.at(-1)?.headers.authorization).toBe(`Basic ${btoa('user:p@ss')}`);
    expect(lines(stdout)[0]?.url).toBe(`${server.url}/secret`);
    expect(stdout + stderr).not.toMatch(/user|p%40ss|p@ss/);
  });

  it('are not told when the fetch fails either', async () => {
    const { status, stdout, stderr } = await cli(['http://user:p%40ss@127.0.0.1:1/', '--retry', '0']);
    expect(status).toBe(1);
    expect(stdout + stderr).not.toMatch(/user|p%40ss|p@ss/);
  });
});

describe('certificates', () => {
  it.each([
    { certificate: 'good', args: [], code: 'CERT_UNTRUSTED' },
    { certificate: 'good', args: ['--cacert', caFile], code: undefined },
    { certificate: 'good', args: ['-k'], code: undefined },
    { certificate: 'self-signed', args: [], code: 'CERT_SELF_SIGNED' },
    { certificate: 'self-signed', args: ['--insecure'], code: undefined },
    { certificate: 'expired', args: ['--cacert', caFile], code: 'CERT_EXPIRED' },
    { certificate: 'wrong-host', args: ['--cacert', caFile], code: 'CERT_WRONG_HOST' },
  ] as const)('$certificate, $args', async ({ certificate, args, code }) => {
    await using tls = await tlsServer(certificate);
    const { status, stdout } = await cli([`${tls.url}/`, '-q', ...args]);
    expect(status).toBe(code === undefined ? 0 : 1);
    expect(lines(stdout)[0]?.error?.code).toBe(code);
  });
});
