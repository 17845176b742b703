import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { FetchRecord } from '../../../src/model/record.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { scriptedServer } from '../../servers/scripted.ts';
import { fetchAll } from './fetching.ts';
import { origins, toLoopback } from './names.ts';
import { page, queryOf, upTo } from './pages.ts';

failOnLeaks();

/** What tells pages apart, without the server's URL. */
function outline(records: readonly FetchRecord[], base: string) {
  const short = (url: string | undefined) => url?.replace(base, '');
  return records.map(({ page, url, next, error }) => [page, short(url), short(next), error?.code]);
}

describe('--next link', () => {
  it('follows the Link field, relative to the URL that redirects led to', async () => {
    await using server = await scriptedServer({
      '/start': { status: 302, headers: { location: '/v2/items' } },
      '/v2/items': {
        headers: { link: ['<start>; rel="first"', '<more?n=2>; rel="next last"'] },
      },
      '/v2/more': {},
    });
    const records = await fetchAll([`${server.url}/start`], { next: 'link' });
    expect(outline(records, server.url)).toEqual([
      [1, '/start', '/v2/more?n=2', undefined],
      [2, '/v2/more?n=2', undefined, undefined],
    ]);
    expect(records[0]).toMatchObject({ finalUrl: `${server.url}/v2/items` });
  });

  it('takes bytes beyond ASCII for UTF-8', async () => {
    await using server = await scriptedServer({
      '/': { headers: { link: Buffer.from('</ü>; rel=next').toString('latin1') } },
      '/%C3%BC': {},
    });
    expect(await fetchAll([server.url], { next: 'link' })).toMatchObject([{}, { page: 2, status: 200 }]);
  });

  it('does without bodies', async () => {
    await using server = await scriptedServer({
      '/1': { headers: { link: '</2>; rel=next' }, body: 'x' },
      '/2': { body: 'y' },
    });
    const records = await fetchAll([`${server.url}/1`], { next: 'link', method: 'HEAD' });
    expect(records).toMatchObject([
      { page: 1, ok: true },
      { page: 2, ok: true },
    ]);
  });
});

describe('--next $.path', () => {
  it('follows a URL in the body', async () => {
    await using server = await scriptedServer({ '/items': upTo(4) });
    const records = await fetchAll([{ url: `${server.url}/items`, id: 'all', meta: 7 }], { next: '$.next' });
    expect(outline(records, server.url)).toEqual([
      [1, '/items', '/items?page=2', undefined],
      [2, '/items?page=2', '/items?page=3', undefined],
      [3, '/items?page=3', '/items?page=4', undefined],
      [4, '/items?page=4', undefined, undefined],
    ]);
    for (const { index, id, meta, attempts, body, page: number, timing } of records) {
      expect({ index, id, meta, attempts, body }).toMatchObject({
        index: 0,
        id: 'all',
        meta: 7,
        attempts: 1,
        body: { number },
      });
      expect(timing.earlier).toBeUndefined();
    }
    expect(server.sockets.total).toBe(1);
  });

  it.each([
    ['null', { next: null }],
    ['absent', { items: [] }],
    ['empty', { next: '' }],
    ['false', { next: false }],
    ['in no object', [1]],
  ])('ends where it is %s', async (_, body) => {
    await using server = await scriptedServer({ '/': page(body) });
    const records = await fetchAll([server.url], { next: '$.next' });
    expect(records.map(({ page, next, ok }) => ({ page, next, ok }))).toEqual([
      { page: 1, next: undefined, ok: true },
    ]);
  });

  it('ends at an answer without a body', async () => {
    await using server = await scriptedServer({ '/': { status: 204 } });
    expect(await fetchAll([server.url], { next: '$.next' })).toMatchObject([{ page: 1, ok: true }]);
  });

  it.each(['auto', 'text', 'json', 'base64'] as const)('reads it with --body %s', async (body) => {
    await using server = await scriptedServer({ '/': upTo(3) });
    const records = await fetchAll([server.url], { next: '$.next', body });
    expect(records.map(({ page, content }) => [page, content?.form])).toEqual(
      [1, 2, 3].map((number) => [number, body === 'auto' ? 'json' : body]),
    );
  });

  it('reads it with --body none, and shows it not', async () => {
    await using server = await scriptedServer({ '/': upTo(3) });
    const records = await fetchAll([server.url], { next: '$.next', body: 'none' });
    expect(records.map(({ page, content }) => [page, content])).toEqual([1, 2, 3].map((n) => [n, undefined]));
  });

  it.each([10, 300_000])('reads it in an encoded body of %i bytes', async (size) => {
    const noise = Array.from({ length: size }, (_, at) =>
      String.fromCharCode(33 + ((at * at * 7919) % 89)),
    ).join('');
    await using server = await scriptedServer({
      '*': ({ target }) => ({
        headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
        body: gzipSync(
          JSON.stringify({ noise, next: target === '/3' ? null : `/${Number(target.slice(1)) + 1}` }),
          {
            level: 0,
          },
        ),
      }),
    });
    const records = await fetchAll([`${server.url}/1`], { next: '$.next' });
    expect(records.map(({ page, ok }) => [page, ok])).toEqual([1, 2, 3].map((number) => [number, true]));
  });
});

describe('--next name={$.path}', () => {
  it('sets query parameters of the URL, and leaves the others alone', async () => {
    const cursors = ['a+b/=&', 'ü', 7, '9007199254740993', undefined];
    await using server = await scriptedServer({
      '/items': (_request, _response, hit) => {
        const cursor = cursors[hit - 1];
        return {
          headers: { 'content-type': 'application/json' },
          body: `{"page":{"size":${hit},"next":${hit === 4 ? cursor : (JSON.stringify(cursor) ?? null)}}}`,
        };
      },
    });
    const records = await fetchAll([`${server.url}/items?q=~%20x&n=0`], {
      next: 'after={$.page.next}&n={$.page.size}',
    });
    expect(server.received.map(({ target }) => target)).toEqual([
      '/items?q=~%20x&n=0',
      '/items?q=~%20x&n=1&after=a%2Bb%2F%3D%26',
      '/items?q=~%20x&n=2&after=%C3%BC',
      '/items?q=~%20x&n=3&after=7',
      '/items?q=~%20x&n=4&after=9007199254740993',
    ]);
    expect(records.map(({ url }) => url)).toEqual(server.received.map(({ target }) => server.url + target));
  });

  it('repeats a POST with its body and header fields', async () => {
    await using server = await scriptedServer({
      '/search': (request) => page({ next: queryOf(request).has('cursor') ? null : 'c2' }),
    });
    const options = { next: 'cursor={$.next}', json: '{"q":"x"}', header: ['x-api-key: k'] };
    expect(await fetchAll([`${server.url}/search`], options)).toHaveLength(2);
    expect(server.received).toMatchObject(
      ['/search', '/search?cursor=c2'].map((target) => ({
        method: 'POST',
        target,
        body: '{"q":"x"}',
        headers: { 'x-api-key': 'k', 'content-type': 'application/json' },
      })),
    );
  });
});

describe('the request for a page', () => {
  it('that a link leads to is a GET without body, unless the method is a safe one', async () => {
    await using server = await scriptedServer({ '/1': page({ next: '/2' }), '/2': page({}) });
    const url = `${server.url}/1`;
    await fetchAll([url], { next: '$.next', json: '{}', header: ['x-api-key: k'] });
    await fetchAll([url], { next: '$.next', json: '{}', method: 'QUERY' });
    expect(
      server.received.map(({ method, body, headers }) => [method, body, headers['content-type']]),
    ).toEqual([
      ['POST', '{}', 'application/json'],
      ['GET', '', undefined],
      ['QUERY', '{}', 'application/json'],
      ['QUERY', '{}', 'application/json'],
    ]);
    expect(server.received[1]!.headers['x-api-key']).toBe('k');
  });

  it('of another origin has nothing in it that says who the user is', async () => {
    await using server = await scriptedServer({
      '/1': ({ headers }) => page({ next: `${headers.host === new URL(a).host ? b : a}/2` }),
      '/2': page({ next: '/3' }),
      '/3': page({}),
    });
    const [a = '', b = ''] = origins(server.port, 2);
    const header = ['Authorization: secret', 'X-Api-Key: secret', 'Cookie: secret', 'Accept-Language: de'];
    await fetchAll([`${a}/1`], { next: '$.next', header, resolver: toLoopback });
    expect(
      server.received.map(({ headers }) => [headers.host, JSON.stringify(headers).includes('secret')]),
    ).toEqual([
      [new URL(a).host, true],
      [new URL(b).host, false],
      [new URL(b).host, false],
    ]);
    expect(server.received[2]!.headers['accept-language']).toBe('de');
  });

  it('has no user name and password that stand in the reference', async () => {
    await using server = await scriptedServer({
      '/1': ({ headers }) => page({ next: `http://me:secret@${headers.host}/2` }),
      '/2': page({}),
    });
    const records = await fetchAll([`${server.url}/1`], { next: '$.next' });
    expect(records[0]!.next).toBe(`${server.url}/2`);
    expect(server.received[1]!.headers.authorization).toBeUndefined();
  });
});

describe('pages end', () => {
  it('at one that fails, after retries of its own', async () => {
    await using server = await scriptedServer({
      '/1': (_request, _response, hit) => (hit === 1 ? { status: 503 } : page({ next: '/2' })),
      '/2': (_request, _response, hit) =>
        hit === 1 ? { status: 503 } : { ...page({ next: '/3' }), status: 404 },
    });
    const records = await fetchAll([`${server.url}/1`], { next: '$.next' });
    expect(outline(records, server.url)).toEqual([
      [1, '/1', '/2', undefined],
      [2, '/2', undefined, 'HTTP_STATUS'],
    ]);
    expect(records.map(({ attempts }) => attempts)).toEqual([2, 2]);
  });

  it.each([
    ['itself', ['/1']],
    ['one before', ['/2', '/3', '/1']],
    ['one by a fragment', ['/2', '/2#again']],
  ])('where one leads back to %s', async (_, chain) => {
    await using server = await scriptedServer({
      '*': ({ target }) => page({ next: chain[Number(target.slice(1)) - 1] }),
    });
    const records = await fetchAll([`${server.url}/1`], { next: '$.next' });
    const last = new URL(chain.at(-1)!, server.url).pathname;
    expect(outline(records, server.url)).toEqual([
      ...chain.map((next, at) => [at + 1, `/${at + 1}`, next.replace(/#.*/, ''), undefined]),
      [chain.length + 1, last, undefined, 'PAGE_LOOP'],
    ]);
    expect(records.at(-1)).toMatchObject({
      attempts: 0,
      error: {
        kind: 'limit',
        message: `page ${chain.length} leads back to ${server.url}${last}, which was fetched before`,
      },
    });
    expect(server.received).toHaveLength(chain.length);
  });

  it.each([
    ['$.n', 'mailto:x@y.z', 'mailto:x@y.z', 'the next page is not at an http or https URL: "mailto:x@y.z"'],
    ['$.n', 'http://[', 'http://[', 'the next page is not at an http or https URL: "http://["'],
    ['$.n', 2, '2', '$.n is a number, not a URL'],
    ['$.n', true, 'true', '$.n is true, not a URL'],
    ['$.n', { href: '/2' }, '{"href":"/2"}', '$.n is an object, not a URL'],
    ['c={$.n}', ['x'], '["x"]', '$.n is an array, not a text or number'],
    ['c={$.n}', true, 'true', '$.n is true, not a text or number'],
  ])('where %s is of no use: %j', async (next, n, shown, message) => {
    await using server = await scriptedServer({ '/': page({ n }) });
    const records = await fetchAll([server.url], { next });
    expect(records).toMatchObject([
      { page: 1, ok: true, next: shown },
      { page: 2, ok: false, url: shown, attempts: 0, error: { kind: 'protocol', code: 'BAD_NEXT', message } },
    ]);
  });

  it('as a failure where one should say where the next is, and is not JSON', async () => {
    await using server = await scriptedServer({
      '/': { headers: { 'content-type': 'text/html' }, body: '<p>' },
    });
    expect(await fetchAll([server.url], { next: '$.next' })).toMatchObject([
      { page: 1, ok: false, status: 200, body: '<p>', error: { code: 'BAD_NEXT' } },
    ]);
  });

  it('after --max-pages, and the last one tells where it would go on', async () => {
    await using server = await scriptedServer({ '*': upTo(10) });
    const records = await fetchAll([`${server.url}/a`], { next: '$.next', maxPages: 3 });
    expect(outline(records, server.url)).toEqual([
      [1, '/a', '/a?page=2', undefined],
      [2, '/a?page=2', '/a?page=3', undefined],
      [3, '/a?page=3', '/a?page=4', undefined],
    ]);
  });

  it('at once for a task that cannot be sent', async () => {
    expect(await fetchAll(['nonsense'], { next: 'link' })).toMatchObject([
      { page: 1, ok: false, attempts: 0 },
    ]);
  });
});

it('without --next records have no page', async () => {
  await using server = await scriptedServer({ '/': { ...page({ next: '/2' }, { link: '</2>; rel=next' }) } });
  const records = await fetchAll([server.url]);
  expect(records.map(({ page, next }) => [page, next])).toEqual([[undefined, undefined]]);
});
