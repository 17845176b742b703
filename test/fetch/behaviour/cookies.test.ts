import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../e2e/scratch.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { scriptedServer, type ScriptedRoutes, type ScriptedServer } from '../../servers/scripted.ts';
import { fetchAll, fetchOne, paths, start, type Settings } from './fetching.ts';
import { origins, toLoopback } from './names.ts';

failOnLeaks();

const sets = (...cookies: readonly string[]) => ({ headers: { 'set-cookie': cookies } });
const cookiesOf = (server: ScriptedServer) => server.received.map(({ headers }) => headers.cookie);

/** What a run of these paths sends, one after the other. */
async function sent(routes: ScriptedRoutes, targets: readonly string[], settings: Settings) {
  await using server = await scriptedServer({ ...routes, '*': {} });
  const urls = targets.map((target) => server.url + target);
  const records = await fetchAll(urls, { concurrency: 1, ...settings });
  expect(records.every(({ ok }) => ok)).toBe(true);
  return cookiesOf(server);
}

describe('cookies given as text', () => {
  it.each<[string, Settings, string]>([
    ['one', { cookie: ['a=1'] }, 'a=1'],
    ['several', { cookie: ['a=1; b="x y"', 'c=3'] }, 'a=1; b="x y"; c=3'],
    ['beside a header of the own', { cookie: ['a=1'], header: ['Cookie: own=1'] }, 'own=1; a=1'],
  ])('%s', async (_, settings, expected) => {
    expect(await sent({}, ['/'], settings)).toEqual([expected]);
  });

  it('do not have those of answers kept, as with curl', async () => {
    expect(await sent({ '/0': sets('s=1') }, ['/0', '/1'], { cookie: ['a=1'] })).toEqual(['a=1', 'a=1']);
  });

  it('stay at the origins of the input', async () => {
    await using server = await scriptedServer({
      '/0': () => ({ status: 302, headers: { location: `${b}/1` } }),
      '/1': () => ({ status: 302, headers: { location: `${a}/2` } }),
      '/2': {},
    });
    const [a, b] = origins(server.port, 2);
    await fetchOne(`${a}/0`, { cookie: ['a=1'], resolver: toLoopback });
    expect(cookiesOf(server)).toEqual(['a=1', undefined, 'a=1']);
  });
});

describe('cookies of answers', () => {
  const keeping: Settings = { cookie: [''] };

  it('go to later requests, by path and until they end', async () => {
    const routes = {
      '/0': sets('all=1; Path=/', 'below=2; Path=/x', 'gone=3; Max-Age=0'),
      '/2': sets('all=; Path=/; Max-Age=-1'),
    };
    expect(await sent(routes, ['/0', '/1', '/x/1', '/2', '/3'], keeping)).toEqual([
      undefined,
      'all=1',
      'below=2; all=1',
      'all=1',
      undefined,
    ]);
  });

  it('are taken from redirects, and before text that was given', async () => {
    const routes = { '/0': { status: 302, headers: { 'set-cookie': 'sid=1; Path=/', location: '/1' } } };
    expect(await sent(routes, ['/0'], { cookie: ['', 'a=1'] })).toEqual(['a=1', 'sid=1; a=1']);
  });

  it('go to the host that set them, and where they say to its domain', async () => {
    await using server = await scriptedServer({
      '/0': sets('own=1', 'shared=2; Domain=shop.co.uk', 'no=3; Domain=co.uk', 'no=4; Domain=other.co.uk'),
      '*': {},
    });
    const hosts = ['a.shop.co.uk/0', 'a.shop.co.uk/1', 'b.shop.co.uk/1', 'other.co.uk/1'];
    const urls = hosts.map((host) => `http://${host.replace('/', `:${server.port}/`)}`);
    await fetchAll(urls, { ...keeping, concurrency: 1, resolver: toLoopback });
    expect(cookiesOf(server)).toEqual([undefined, 'own=1; shared=2', 'shared=2', undefined]);
  });

  it('that are for https are neither taken nor sent without', async () => {
    const folder = scratch({ jar: `host0.test\tFALSE\t/\tTRUE\t0\tsecure\t1\n` });
    await using server = await scriptedServer({ '*': sets('s=1; Secure', 'plain=2') });
    const settings = { cookie: [`${folder}/jar`], concurrency: 1, resolver: toLoopback };
    await fetchAll(paths(origins(server.port, 1)[0]!, 2), settings);
    expect(cookiesOf(server)).toEqual([undefined, 'plain=2']);
  });

  it('that break the rules do no harm', async () => {
    expect(
      await sent({ '/0': sets('', '=', ';;', 'ok=1', 'x=1; Expires=soon') }, ['/0', '/1'], keeping),
    ).toEqual([undefined, 'ok=1; x=1']);
  });

  it('are not sent beyond what servers take', async () => {
    const many = Array.from({ length: 25 }, (_, at) => `c${at}=${'x'.repeat(400)}`);
    const [, second] = await sent({ '/0': sets(...many) }, ['/0', '/1'], keeping);
    expect(second!.length).toBeGreaterThan(7000);
    expect(second!.length).toBeLessThanOrEqual(8190);
  });
});

describe('files of cookies', () => {
  const line = (name: string, value: string, host = '127.0.0.1') =>
    `${host}\tFALSE\t/\tFALSE\t0\t${name}\t${value}\n`;

  it('are read, and written with what came', async () => {
    const folder = scratch({ jar: line('a', '1') });
    const jar = `${folder}/jar`;
    const settings = { cookie: [jar], cookieJar: jar };
    expect(
      await sent({ '/0': sets('b=2; Path=/; HttpOnly', 'a=3; Path=/') }, ['/0', '/1'], settings),
    ).toEqual(['a=1', 'a=3; b=2']);
    const lines = readFileSync(jar, 'utf8')
      .split('\n')
      .filter((text) => text !== '' && !text.startsWith('# '));
    expect(lines).toEqual([
      '127.0.0.1\tFALSE\t/\tFALSE\t0\ta\t3',
      '#HttpOnly_127.0.0.1\tFALSE\t/\tFALSE\t0\tb\t2',
    ]);
    expect(statSync(jar).mode & 0o777).toBe(0o600);
    expect(await sent({}, ['/'], { cookie: [jar] })).toEqual(['a=3; b=2']);
  });

  it('a jar that is not there yet is empty, and is not read without --cookie', async () => {
    const jar = `${scratch()}/jar`;
    expect(await sent({ '/': sets('a=1') }, ['/'], { cookie: [jar], cookieJar: jar })).toEqual([undefined]);
    expect(await sent({ '/': sets('b=2') }, ['/', '/1'], { cookieJar: jar })).toEqual([undefined, 'b=2']);
    expect(readFileSync(jar, 'utf8')).not.toContain('a\t1');
  });

  it('a link is followed, and what is no file is written to', async () => {
    const folder = scratch({ jar: '' });
    symlinkSync('jar', `${folder}/link`);
    await sent({ '/': sets('a=1') }, ['/'], { cookieJar: `${folder}/link` });
    expect(readFileSync(`${folder}/jar`, 'utf8')).toContain('a\t1');
    await sent({ '/': sets('a=1') }, ['/'], { cookieJar: '/dev/null' });
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it.each([
    [
      'a missing file',
      () => ({ cookie: ['/nowhere/jar'] }),
      /^--cookie: cannot read \/nowhere\/jar \(cookies themselves have a =\): ENOENT/,
    ],
    ['a bad line', (folder: string) => ({ cookie: [`${folder}/bad`] }), /\/bad:1: must be domain/],
    [
      'a folder that is not there',
      (folder: string) => ({ cookieJar: `${folder}/no/jar` }),
      /^--cookie-jar: cannot write .*\/no\/jar: ENOENT/,
    ],
    [
      'text that no field can hold',
      () => ({ cookie: ['a=s3cret\n'.concat('x')] }),
      /^--cookie: must be of Latin-1 characters without line breaks$/,
    ],
  ])('%s is told before anything is fetched', async (_, settings, message) => {
    const folder = scratch();
    writeFileSync(`${folder}/bad`, 'a=1');
    await expect(start(['http://127.0.0.1:1/'], settings(folder)).open()).rejects.toThrow(message);
  });
});
