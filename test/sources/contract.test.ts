import { describe, expect, it } from 'vitest';
import { Databases } from '../../src/databases/index.ts';
import { fromIterable, openSources } from '../../src/sources/index.ts';
import { batchSize, type Source } from '../../src/sources/source.ts';
import type { QueryInput } from '../../src/sources/sql/query.ts';
import { bytes, readAll, readBatches, request, settings, temporaryFiles } from './settings.ts';

const write = temporaryFiles();
const total = batchSize * 3 + 7;
const urls = Array.from({ length: total }, (_, index) => `http://a/${index}`);
const text = urls.join('\n');
const nothing = { firstIndex: 0, request, onInvalid: () => {} };

async function* asyncUrls() {
  yield* urls;
}

function queryOf(file: string, sql: string): QueryInput {
  const patience = {
    backoff: { retryDelay: 1, retryMaxDelay: 1, retryFactor: 1 },
    awayMs: 0,
    onWarning: () => {},
  };
  const databases = new Databases({ pool: 3, isSynced: false, patience });
  const lookups = { size: 500, pool: 3 };
  return { databases, from: `sqlite:${file}`, sql, parameters: [], lookups, onWarning: () => {} };
}

/** Every kind of source, each holding the same tasks. */
const sources: Record<string, () => Source | Promise<Source>> = {
  'URL with a glob': () => openSources([`http://a/[0-${total - 1}]`], settings()),
  'URL with ids': () => openSources(['http://a/{id}'], settings({ ids: `0-${total - 1}` })),
  file: async () => openSources([await write('urls.txt', text)], settings()),
  'standard input': () => openSources(['-'], settings({ stdin: bytes(...text.match(/.{1,1000}/gs)!) })),
  'column url of a CSV file': async () =>
    openSources([await write('urls.csv', ['url', ...urls].join('\n'))], settings()),
  'rows of plain lines': async () => {
    const templates = { url: 'http://a/{line}', header: [], json: undefined, data: undefined };
    return openSources([await write('ids.txt', [...urls.keys()].join('\n'))], settings({ templates }));
  },
  'rows of a query': async () => {
    const sql = `with recursive n(id) as (select 0 union all select id + 1 from n where id < ${total - 1})
      select 'http://a/' || id as url, id from n`;
    return openSources([], settings({ query: queryOf(await write('empty.db', ''), sql) }));
  },
  'ids that a query looks up': async () => {
    const sql = `select 'http://a/' || value as url, value as id from json_each($1) order by value desc`;
    const query = queryOf(await write('empty.db', ''), sql);
    return openSources([], settings({ query, ids: `0-${total - 1}` }));
  },
  selection: () => {
    const selection = { skip: 0, shard: { part: 1, of: 1 }, dedupe: true, limit: total };
    return openSources([`http://a/[0-${total - 1}]`], settings({ selection }));
  },
  chain: async () =>
    openSources(['http://a/0', await write('rest.txt', urls.slice(1).join('\n'))], settings()),
  'iterable of a program': () => fromIterable(urls, nothing),
  'async iterable of a program': () => fromIterable(asyncUrls(), nothing),
};

describe.each(Object.entries(sources))('%s', (_, open) => {
  it('gives every task once, in order, numbered from 0', async () => {
    const tasks = await readAll(await open());
    expect(tasks.map((task) => task.url)).toEqual(urls);
    expect(tasks.map((task) => task.index)).toEqual(urls.map((_, index) => index));
    expect(tasks.map((task) => Number(task.id ?? task.index))).toEqual(urls.map((_, index) => index));
  });

  it('gives batches that are neither empty nor too large', async () => {
    const sizes = (await readBatches(await open())).map((batch) => batch.length);
    expect(Math.min(...sizes)).toBeGreaterThan(0);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(batchSize);
  });

  it('shares one request between its tasks', async () => {
    const tasks = await readAll(await open());
    expect(new Set(tasks.map((task) => task.request))).toEqual(new Set([request]));
    expect(tasks.every((task) => task.request === request)).toBe(true);
  });

  it('has a name, and a true size if it has one', async () => {
    const source = await open();
    expect(source.name).not.toBe('');
    expect(source.size ?? total).toBe(total);
  });

  it('ends for good when the reader returns', async () => {
    const batches = (await open())[Symbol.asyncIterator]();
    expect((await batches.next()).done).toBe(false);
    await batches.return?.();
    expect((await batches.next()).done).toBe(true);
  });

  it('ends when the reader returns before the first task', async () => {
    const batches = (await open())[Symbol.asyncIterator]();
    await batches.return?.();
    expect((await batches.next()).done).toBe(true);
  });

  it('stays ended', async () => {
    const batches = (await open())[Symbol.asyncIterator]();
    while ((await batches.next()).done !== true);
    expect((await batches.next()).done).toBe(true);
  });
});
