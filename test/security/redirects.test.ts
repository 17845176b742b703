import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import { fetchAll, fetchOne, type Settings } from '../fetch/behaviour/fetching.ts';
import { origins, toLoopback } from '../fetch/behaviour/names.ts';
import { scratch } from '../e2e/scratch.ts';
import { failOnLeaks } from '../servers/leaks.ts';
import { scriptedServer } from '../servers/scripted.ts';
import { caFile, tlsServer } from '../servers/tls.ts';

failOnLeaks();

/** What every server may know (README, "Redirects and credentials"), and what HTTP itself needs. */
const safe = ['accept', 'accept-encoding', 'accept-language', 'user-agent', 'host', 'connection'];

const secret = 's3cr3t-0f-mine';

/** Fields by which people say who they are, and some that only their own server should see. */
const fields = [
  'Authorization',
  'Cookie',
  'Proxy-Authorization',
  'WWW-Authenticate',
  'X-Api-Key',
  'Api-Key',
  'X-Auth-Token',
  'X-Access-Token',
  'X-CSRF-Token',
  'Private-Token',
  'X-Amz-Security-Token',
  'X-Goog-Api-Key',
  'Ocp-Apim-Subscription-Key',
  'Idempotency-Key',
  'Signature',
  'DPoP',
  'Referer',
  'Origin',
  'From',
  'Forwarded',
  'X-Forwarded-For',
  'X-Tenant',
  'If-None-Match',
  'Range',
  'X-Anything-Else',
];

/** The fields that come to a server, and to another origin when it leads there. */
async function fieldsAt(settings: Settings, user = ''): Promise<readonly IncomingHttpHeaders[]> {
  await using server = await scriptedServer({
    '/from': () => ({ status: 307, headers: { location: `${there}/to` } }),
    '/to': {},
  });
  const [here = '', there = ''] = origins(server.port, 2);
  const url = `${here.replace('://', `://${user}`)}/from`;
  const record = await fetchOne(url, { resolver: toLoopback, ...settings });
  expect(record).toMatchObject({ ok: true, finalUrl: `${there}/to` });
  return server.received.map(({ headers }) => headers);
}

describe('to another origin goes no', () => {
  it.each(fields)('%s', async (name) => {
    const [first, second] = await fieldsAt({ header: [`${name}: ${secret}`] });
    expect(first?.[name.toLowerCase()]).toBe(secret);
    expect(Object.keys(second ?? {}).filter((field) => !safe.includes(field))).toEqual([]);
  });

  it('Host of our own', async () => {
    const [first, second] = await fieldsAt({ header: [`Host: ${secret}.test`] });
    expect(first?.host).toBe(`${secret}.test`);
    expect(second?.host).toMatch(/^host1\.test:\d+$/);
  });

  it.each<[string, string, Settings, string?]>([
    ['user name and password of --user', 'authorization', { user: `me:${secret}` }],
    ['--bearer', 'authorization', { bearer: secret }],
    ['user name and password of the URL', 'authorization', {}, `me:${secret}@`],
    ['token of --token-command', 'authorization', { tokenCommand: `echo ${secret}` }],
    ['cookie of --cookie', 'cookie', { cookie: [`sid=${secret}`] }],
    ['key of --idempotency-key', 'idempotency-key', { method: 'POST', data: 'x', idempotencyKey: true }],
  ])('%s', async (_, name, settings, user) => {
    const [first, second] = await fieldsAt(settings, user);
    expect(first?.[name]).toEqual(expect.any(String));
    expect(second).not.toHaveProperty(name);
  });

  it.each<[string, string, text: string, (file: string) => Settings]>([
    [
      'password of netrc',
      'authorization',
      `machine host0.test login me password ${secret}\n`,
      (netrcFile) => ({ netrcFile }),
    ],
    [
      'cookie of a file',
      'cookie',
      `host0.test\tFALSE\t/\tFALSE\t0\tsid\t${secret}\n`,
      (file) => ({ cookie: [file] }),
    ],
  ])('%s', async (_, name, text, settingsOf) => {
    const [first, second] = await fieldsAt(settingsOf(`${scratch({ file: text })}/file`));
    expect(first?.[name]).toEqual(expect.any(String));
    expect(second).not.toHaveProperty(name);
  });
});

describe('another origin is', () => {
  it.each([
    ['another host', 'http://host1.test:PORT/to'],
    ['a subdomain', 'http://www.host0.test:PORT/to'],
    ['a parent', 'http://test:PORT/to'],
    ['the same host with a dot', 'http://host0.test.:PORT/to'],
    ['a host that begins alike', 'http://host0.test.evil.test:PORT/to'],
    ['an address', 'http://127.0.0.1:PORT/to'],
    ['without a scheme', '//host1.test:PORT/to'],
    ['after a user that looks like us', 'http://host0.test@host1.test:PORT/to'],
    ['after backslashes', String.raw`\\host1.test:PORT\to`],
  ])('%s', async (_, location) => {
    await using server = await scriptedServer({
      '/from': () => ({ status: 302, headers: { location: location.replace('PORT', String(server.port)) } }),
      '/to': {},
    });
    const header = [`X-Api-Key: ${secret}`, `Authorization: ${secret}`, `Cookie: ${secret}`];
    const url = `http://host0.test:${server.port}/from`;
    expect(await fetchOne(url, { header, resolver: toLoopback })).toMatchObject({ ok: true });
    const sent = server.received.map(({ rawHeaders }) => rawHeaders.includes(secret));
    expect(sent).toEqual([true, false]);
  });

  it('another port, and http after https', async () => {
    await using plain = await scriptedServer({ '*': {} });
    await using secure = await tlsServer('good', { '*': { status: 302, headers: { location: plain.url } } });
    await fetchOne(secure.url, { header: [`X-Api-Key: ${secret}`], user: `me:${secret}`, cacert: caFile });
    expect(plain.received).toHaveLength(1);
    expect(plain.received[0]?.headers).not.toHaveProperty('x-api-key');
    expect(plain.received[0]?.headers).not.toHaveProperty('authorization');
  });
});

it('what stayed behind does not come back when it leads home', async () => {
  await using server = await scriptedServer({
    '/from': () => ({ status: 302, headers: { location: `${there}/via` } }),
    '/via': () => ({ status: 302, headers: { location: `${here}/to` } }),
    '/to': {},
  });
  const [here = '', there = ''] = origins(server.port, 2);
  await fetchOne(`${here}/from`, { header: [`X-Api-Key: ${secret}`], resolver: toLoopback });
  expect(server.received.map(({ headers }) => headers['x-api-key'])).toEqual([secret, undefined, undefined]);
});

it('the next page is led to as a redirect leads', async () => {
  await using server = await scriptedServer({
    '/1': () => ({ headers: { link: `<${there}/2>; rel=next` } }),
    '/2': {},
  });
  const [here = '', there = ''] = origins(server.port, 2);
  const header = fields.map((name) => `${name}: ${secret}`);
  const records = await fetchAll([`${here}/1`], { header, next: 'link', resolver: toLoopback });
  expect(records.map(({ ok }) => ok)).toEqual([true, true]);
  expect(JSON.stringify(server.received[1]?.rawHeaders)).not.toContain(secret);
});

it.each([302, 307])('the body goes along only when it is asked for again: %i', async (status) => {
  await using server = await scriptedServer({
    '/from': () => ({ status, headers: { location: '/to' } }),
    '/to': {},
  });
  await fetchOne(`${server.url}/from`, { data: secret });
  expect(server.received[1]).toMatchObject(
    status === 307 ? { method: 'POST', body: secret } : { method: 'GET', body: '' },
  );
});
