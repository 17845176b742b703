import { describe, expect, it } from 'vitest';
import { basic } from '../../../src/model/url.ts';
import { scratch } from '../../e2e/scratch.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { scriptedServer } from '../../servers/scripted.ts';
import { fetchAll, fetchOne, start, type Settings } from './fetching.ts';
import { origins, toLoopback } from './names.ts';

failOnLeaks();

const local = 'machine 127.0.0.1 login net password rc';

/** Settings in which `netrcFile` is what stands in the file. */
function withFile({ netrcFile, ...settings }: Settings): Settings {
  return netrcFile === undefined
    ? settings
    : { ...settings, netrcFile: `${scratch({ netrc: netrcFile })}/netrc` };
}

describe('Authorization', () => {
  it.each<[string, Settings, string | undefined]>([
    ['none', {}, undefined],
    ['--user', { user: 'me:p:w' }, basic('me', 'p:w')],
    ['--user without a password', { user: 'me' }, basic('me', '')],
    ['--user in UTF-8', { user: 'é:ü' }, 'Basic w6k6w7w='],
    ['--bearer', { bearer: 'tok' }, 'Bearer tok'],
    ['--netrc-file', { netrcFile: local }, basic('net', 'rc')],
    ['--netrc-file for another host', { netrcFile: 'machine x login a' }, undefined],
    ['--user before netrc', { user: 'me:pw', netrcFile: local }, basic('me', 'pw')],
    ['--bearer before netrc', { bearer: 'tok', netrcFile: local }, 'Bearer tok'],
    ['-H before --user', { header: ['authorization: Own'], user: 'me:pw' }, 'Own'],
    ['-H before netrc', { header: ['Authorization: Own'], netrcFile: local }, 'Own'],
    ['-H before --token-command', { header: ['Authorization: Own'], tokenCommand: 'false' }, 'Own'],
    ['-H drops', { header: ['Authorization:'], user: 'me:pw', netrcFile: local }, undefined],
  ])('%s', async (_, settings, expected) => {
    await using server = await scriptedServer({ '*': {} });
    await fetchOne(server.url, withFile(settings));
    expect(server.received.map(({ headers }) => headers.authorization)).toEqual([expected]);
  });

  it('of a URL stands before --user and netrc', async () => {
    await using server = await scriptedServer({ '*': {} });
    const url = server.url.replace('http://', 'http://url:own@');
    await fetchAll([url, server.url], withFile({ user: 'me:pw', netrcFile: local, concurrency: 1 }));
    expect(server.received.map(({ headers }) => headers.authorization)).toEqual([
      basic('url', 'own'),
      basic('me', 'pw'),
    ]);
  });

  it.each<[string, Settings]>([
    ['--user and --bearer', { user: 'a', bearer: 'b' }],
    ['--bearer and --token-command', { bearer: 'b', tokenCommand: 'echo c' }],
  ])('%s are refused together', async (flags, settings) => {
    await using server = await scriptedServer({ '*': {} });
    await expect(fetchOne(server.url, settings)).rejects.toThrow(
      `${flags} are different credentials: give one of them`,
    );
    expect(server.received).toEqual([]);
  });

  it.each([
    [
      '--bearer',
      { bearer: 's3 cret' },
      /^--bearer: must be a token of visible ASCII characters, without spaces$/,
    ],
    ['--netrc-file', { netrcFile: '/nowhere/netrc' }, /^--netrc-file: cannot read \/nowhere\/netrc: ENOENT/],
  ] as const)('a bad %s is refused', async (_, settings, message) => {
    await expect(async () => start(['http://127.0.0.1:1/'], settings).open()).rejects.toThrow(message);
  });
});

describe('after a redirect', () => {
  it.each<[string, Settings, readonly (string | undefined)[]]>([
    ['--user', { user: 'me:pw' }, [basic('me', 'pw'), basic('me', 'pw'), undefined, basic('me', 'pw')]],
    [
      'netrc',
      { netrcFile: 'machine host0.test login a\nmachine host1.test login b' },
      [basic('a', ''), basic('a', ''), basic('b', ''), basic('a', '')],
    ],
  ])('%s goes where it belongs', async (_, settings, expected) => {
    await using server = await scriptedServer({
      '/0': ({ headers }) => ({ status: 302, headers: { location: `http://${headers.host}/1` } }),
      '/1': () => ({ status: 302, headers: { location: `${b}/2` } }),
      '/2': () => ({ status: 302, headers: { location: `${a}/3` } }),
      '/3': {},
    });
    const [a, b] = origins(server.port, 2);
    expect(await fetchOne(`${a}/0`, { ...withFile(settings), resolver: toLoopback })).toMatchObject({
      ok: true,
    });
    expect(server.received.map(({ headers }) => headers.authorization)).toEqual(expected);
  });
});

describe('--idempotency-key', () => {
  const form = /^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
  const post: Settings = { method: 'POST', data: 'x=1', idempotencyKey: true };

  async function keys(inputs: Parameters<typeof fetchAll>[0], settings: Settings) {
    await using server = await scriptedServer({
      '*': (request, response, hit) => {
        if (request.target.startsWith('/torn') && hit === 1) {
          response.destroy();
          return undefined;
        }
        return {};
      },
    });
    const base = `http://host0.test:${server.port}`;
    const absolute = [...(inputs as Iterable<string | { url: string; id: string }>)].map((input) =>
      typeof input === 'string' ? base + input : { ...input, url: base + input.url },
    );
    const records = await fetchAll(absolute, { ...settings, concurrency: 1, resolver: toLoopback });
    return { records, keys: server.received.map(({ headers }) => headers['idempotency-key']) };
  }

  it('is one of its own for each task, and the same for each attempt', async () => {
    const { records, keys: sent } = await keys(['/torn', '/b'], post);
    expect(records.map(({ ok, attempts }) => [ok, attempts])).toEqual([
      [true, 2],
      [true, 1],
    ]);
    const [first, other, again] = sent; // the retry waits a little
    expect(first).toMatch(form);
    expect(again).toBe(first);
    expect(other).toMatch(form);
    expect(other).not.toBe(first);
  });

  it.each<[string, Settings]>([
    ['GET', { idempotencyKey: true }],
    ['PUT', { ...post, method: 'PUT' }],
  ])('%s has none', async (_, settings) => {
    expect((await keys(['/a'], settings)).keys).toEqual([undefined]);
  });

  it("a header of the user's own stands", async () => {
    expect((await keys(['/a'], { ...post, header: ['Idempotency-Key: mine'] })).keys).toEqual(['mine']);
  });

  it('stays behind when a redirect leads to another origin, which is then not asked twice', async () => {
    await using server = await scriptedServer({
      '/from': () => ({ status: 307, headers: { location: `${b}/to` } }),
      '/to': (_, response) => void response.destroy(),
    });
    const [a, b] = origins(server.port, 2);
    const record = await fetchOne(`${a}/from`, { ...post, resolver: toLoopback });
    expect(record).toMatchObject({ ok: false, attempts: 1, error: { kind: 'reset' } });
    expect(server.received.map(({ headers }) => headers['idempotency-key'] !== undefined)).toEqual([
      true,
      false,
    ]);
  });
});
