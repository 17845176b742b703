import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { scriptedServer } from '../servers/scripted.ts';
import { cli, sorted } from './cli.ts';

const table = 'id;name\n1;Ada\n2;Bob\n';
const page = '<title>Shop</title><a href="item?id=1">One</a> <a href="/about">About</a>';

const server = await scriptedServer({
  '/table.csv.gz': () => ({ headers: { 'content-type': 'application/gzip' }, body: gzipSync(table) }),
  '/shop/page': () => ({ headers: { 'content-type': 'text/html' }, body: page }),
  '/moved': () => ({ status: 302, headers: { location: '/shop/page' } }),
  '/data': () => ({ headers: { 'content-type': 'application/json' }, body: '{"items":[{"n":1},{"n":2}]}' }),
});
const { url } = server;
afterAll(() => server.close());

/** What the built command makes of it, its results alone. */
async function results(path: string, ...transforms: readonly string[]): Promise<unknown[]> {
  const flags = transforms.flatMap((spec) => ['--transform', spec]);
  const { stdout } = await cli([`${url}${path}`, '-q', ...flags]);
  return sorted(stdout).map(({ result, error }) => result ?? error);
}

it('each built-in, from the bundle', async () => {
  expect(await results('/table.csv.gz', 'gunzip', 'csv:delimiter=;', 'json:[].name')).toEqual([
    ['Ada', 'Bob'],
  ]);
  expect(await results('/moved', 'html:title,links')).toEqual([
    { title: 'Shop', links: [`${url}/shop/item?id=1`, `${url}/about`] },
  ]);
  expect(await results('/data', 'json:items[].n')).toEqual([[1, 2]]);
  expect(await results('/shop/page', 'hash:sha256')).toEqual([
    createHash('sha256').update(page).digest('hex'),
  ]);
});

it('what a built-in cannot read is a failed record, with what was fetched', async () => {
  const { status, stdout } = await cli([`${url}/shop/page`, '-q', '--transform', 'json:items']);
  expect({ status, record: JSON.parse(stdout) as unknown }).toMatchObject({
    status: 1,
    record: {
      ok: false,
      status: 200,
      body: page,
      error: {
        kind: 'transform',
        code: 'TRANSFORM_FAILED',
        message: expect.stringMatching(/^json:items: the body is no JSON: /),
      },
    },
  });
});

it.each([
  ['json:items[?n==]', 'unexpected "]" at character 11'],
  ['json:length(@, @)', 'length() takes 1 argument but received 2'],
])('an argument that is wrong, %s, ends the run before anything is fetched', async (spec, said) => {
  const before = server.hits('/data');
  const wrong = await cli([`${url}/data`, '--transform', spec]);
  expect(wrong).toEqual({
    status: 2,
    stdout: '',
    stderr: `bulkfetch: --transform: ${spec}: ${said}\n`,
  });
  expect(server.hits('/data')).toBe(before);
});
