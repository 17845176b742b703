import { describe, expect, it } from 'vitest';
import { cli, lines } from '../e2e/cli.ts';
import { scratch } from '../e2e/scratch.ts';
import { httpProxy } from '../servers/proxies.ts';
import { scriptedServer } from '../servers/scripted.ts';
import { withoutUserInfo } from '../../src/model/url.ts';

const password = 'hunter2';

describe('a URL that is none is shown without user name and password', () => {
  it.each([
    [`http://me:${password}@h:99999/`, 'http://h:99999/'],
    [`http://me:${password}@h h/`, 'http://h h/'],
    [`http://me:1${password}#@h/`, 'http://h/'],
    [`http://me:${password}/x@h/`, 'http://h/'],
    [`http://me:${password}?x@h/`, 'http://h/'],
    [`http://me:${password}@x@h h/`, 'http://h h/'],
    [`http://${password}@h h/`, 'http://h h/'],
    [`http:me:${password}@h h/`, 'http:h h/'],
    [`http:/me:${password}@h h/`, 'http:/h h/'],
    [String.raw`http:\\me:${password}@h h/`, String.raw`http:\\h h/`],
    [` http://me:${password}@h h/`, ' http://h h/'],
    [`//me:${password}@h/`, '//h/'],
    [`me:${password}@h`, 'me:h'],
    [`ftp://me:${password}@h/`, 'ftp://h/'],
    [`HTTP://me:${password}@[h/`, 'HTTP://[h/'],
  ])('%s', (url, shown) => {
    expect(withoutUserInfo(url)).toBe(shown);
  });

  it.each(['http://h h/@me', 'h:8080/@me', 'http://h h/a@b', '@me', 'nonsense', ''])(
    'and what has none stays: %j',
    (url) => {
      expect(withoutUserInfo(url)).toBe(url);
    },
  );
});

describe('the password of a URL is in nothing that is written', () => {
  const bad = `http://me:${password}/x@h/`;
  const good = (port: number) => `http://me:${password}@127.0.0.1:${port}`;

  it.each<
    [string, (port: number) => { args: readonly string[]; stdin?: string; files?: Record<string, string> }]
  >([
    ['a line', (port) => ({ args: ['-'], stdin: `${bad}\n${good(port)}/a\n` })],
    [
      'a task',
      (port) => ({ args: ['-'], stdin: `{"url":"${bad}"}\n{"url":"${good(port)}/a","methud":1}\n` }),
    ],
    [
      'a template that is none',
      () => ({ args: ['in.csv', '--url', `${bad}{`], files: { 'in.csv': 'a\n1\n' } }),
    ],
    ['a URL beside --url', (port) => ({ args: [good(port), '--url', 'http://h/{a}'] })],
    ['a glob that is none', (port) => ({ args: [`${good(port)}/[1-`] })],
    ['a glob too large', (port) => ({ args: [`${good(port)}/[1-9999999999][1-9999999999]`] })],
    ['--ids without a place', (port) => ({ args: [good(port), '--ids', '1'] })],
    ['{id} without --ids', (port) => ({ args: [`${good(port)}/{id}`] })],
    ['a redirect of the server', (port) => ({ args: [`${good(port)}/away`] })],
    ['a server that refuses', () => ({ args: [good(1)] })],
    ['a proxy that refuses', () => ({ args: ['http://h/', '-x', `http://me:${password}@127.0.0.1:1`] })],
    ['a proxy that is none', () => ({ args: ['http://h/', '-x', `http://me:${password}@`] })],
  ])('%s', async (_, caseOf) => {
    await using server = await scriptedServer({
      '/away': { status: 302, headers: { location: 'ftp://h/' } },
      '*': { status: 500 },
    });
    const { args, stdin, files } = caseOf(server.port);
    const { status, stdout, stderr } = await cli([...args, '--retry', '0', '--progress'], {
      cwd: scratch(files),
      ...(stdin !== undefined && { stdin }),
    });
    expect([1, 2]).toContain(status);
    expect(stdout + stderr).not.toContain(password);
    expect(stdout + stderr).not.toContain(btoa(`me:${password}`));
  });

  it('a proxy that wants others, and shows them to no server', async () => {
    await using server = await scriptedServer({ '*': {} });
    await using proxy = await httpProxy({ credentials: `me:${password}` });
    const fetchAs = (user: string) => cli([server.url, '-x', `http://${user}@${proxy.host}`]);
    const [wrong, right] = [await fetchAs(`me:${password}x`), await fetchAs(`me:${password}`)];
    expect(lines(wrong.stdout)).toMatchObject([{ error: { code: 'PROXY_AUTH' } }]);
    expect(lines(right.stdout)).toMatchObject([{ ok: true }]);
    expect([wrong, right].map(({ stdout, stderr }) => stdout + stderr).join('')).not.toContain(password);
    expect(JSON.stringify(server.received)).not.toMatch(/proxy-authorization|hunter2/i);
  });
});
