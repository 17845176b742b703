import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { httpProxy, socksProxy } from '../servers/proxies.ts';
import { scriptedServer } from '../servers/scripted.ts';
import { caFile, tlsServer } from '../servers/tls.ts';
import { cli, lines } from './cli.ts';
import { scratch } from './scratch.ts';

describe('the environment', () => {
  it.each(['fetch', 'compare'])('names the proxies, by scheme: %s', async (command) => {
    await using plain = await scriptedServer({ '*': {} });
    await using secure = await tlsServer('good');
    await using first = await httpProxy();
    await using second = await socksProxy();
    const args = [plain.url, secure.url, '--cacert', caFile, '--retry', '0'];
    const { status } = await cli(command === 'compare' ? ['compare', ...args, '--levels', '2'] : args, {
      env: { http_proxy: first.host, HTTPS_PROXY: `socks5h://${second.host}`, HTTP_PROXY: 'nowhere.invalid' },
    });
    expect(status).toBe(0);
    expect(new Set(first.asked)).toEqual(new Set([`GET ${plain.url}/`]));
    expect(new Set(second.asked)).toEqual(new Set([`CONNECT 127.0.0.1:${secure.port}`]));
  });

  it.each([
    ['no_proxy', [], { no_proxy: '127.0.0.0/8' }],
    ['--noproxy', ['--noproxy', '*'], { no_proxy: '' }],
    ["--proxy ''", ['--proxy', ''], {}],
  ])('is told of exceptions by %s', async (_, flags, env) => {
    await using server = await scriptedServer({ '*': {} });
    await using proxy = await httpProxy();
    const { status } = await cli([server.url, ...flags], { env: { all_proxy: proxy.host, ...env } });
    expect(status).toBe(0);
    expect(proxy.asked).toEqual([]);
  });

  it('that cannot be understood is a usage error', async () => {
    const result = await cli(['http://127.0.0.1:1/'], { env: { http_proxy: 'ftp://ann:s3cr3t@proxy' } });
    expect(result).toMatchObject({ status: 2, stdout: '' });
    expect(result.stderr).toMatch(
      /^bulkfetch: http_proxy: must be a proxy such as http:\/\/proxy:3128 (?!.*s3cr3t)/,
    );
  });
});

it('the password of a proxy is shown to the proxy only', async () => {
  await using server = await tlsServer('good');
  await using proxy = await httpProxy({ credentials: 'ann:s3cr3t' });
  const summary = path.join(scratch(), 'summary.json');
  const fetch = (user: string) =>
    cli([server.url, '-x', `http://${user}@${proxy.host}`, '--cacert', caFile, '--summary', summary]);
  expect((await fetch('ann:s3cr3t')).status).toBe(0);
  const { status, stdout, stderr } = await fetch('ann:wr0ngpass');
  expect(status).toBe(1);
  expect(lines(stdout)[0]).toMatchObject({
    attempts: 1,
    error: {
      code: 'PROXY_AUTH',
      message: `${server.url}: proxy http://${proxy.host}: it does not accept the user name and password`,
    },
  });
  expect(stdout + stderr + readFileSync(summary, 'utf8')).not.toContain('wr0ngpass');
});

it('the flags of connections work together', async () => {
  await using server = await scriptedServer({ '*': {} });
  const { status, stdout } = await cli([
    ...Array.from({ length: 3 }, (_, at) => `http://api.test:${server.port}/${at}`),
    '--resolve',
    `api.test:${server.port}:127.0.0.1`,
    '--resolve',
    'other.test:80:127.0.0.1',
    '-4',
    '--no-reuse',
    '--concurrency=1',
    '-q',
  ]);
  expect({ status, count: lines(stdout).length }).toEqual({ status: 0, count: 3 });
  expect(server.sockets.total).toBe(3);
});

it('both IP versions alone are neither', async () => {
  expect(await cli(['http://127.0.0.1:1/', '-4', '-6'])).toEqual({
    status: 2,
    stdout: '',
    stderr: 'bulkfetch: --ipv4 and --ipv6 exclude each other: give one of them, or none for both\n',
  });
});
