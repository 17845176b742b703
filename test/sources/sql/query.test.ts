import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { Databases } from '../../../src/databases/index.ts';
import { UsageError } from '../../../src/model/errors.ts';
import type { Task } from '../../../src/model/task.ts';
import { openSources, type CountableSource, type SourceSettings } from '../../../src/sources/index.ts';
import { batchSize } from '../../../src/sources/source.ts';
import { openCount, readAll, readBatches, request, settings, temporaryFiles } from '../settings.ts';

const write = temporaryFiles();

/** A database with these statements done. */
async function made(name: string, sql: string): Promise<string> {
  const path = await write(name, '');
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
  return path;
}

interface Asked {
  readonly from?: string;
  readonly sql: string;
  readonly parameters?: readonly string[];
  readonly lookups?: { readonly size: number; readonly pool: number };
  readonly url?: string | undefined;
  readonly settings?: Partial<SourceSettings>;
  readonly args?: readonly string[];
}

interface Opened {
  readonly source: CountableSource;
  readonly complaints: readonly string[];
  readonly warnings: readonly string[];
}

const backoff = { retryDelay: 1, retryMaxDelay: 1, retryFactor: 1 };

async function open(path: string, asked: Asked): Promise<Opened> {
  const warnings: string[] = [];
  const onWarning = (message: string) => warnings.push(message);
  const databases = new Databases({
    pool: 2,
    isSynced: false,
    patience: { backoff, awayMs: 0, onWarning },
  });
  const { url = 'http://a/{id}' } = asked;
  const given = settings({
    query: {
      databases,
      from: `sqlite:${path}`,
      parameters: [],
      lookups: { size: 500, pool: 2 },
      onWarning,
      ...asked,
    },
    ...(url !== '' && { templates: { url, header: [], json: undefined, data: undefined } }),
    ...asked.settings,
  });
  return { source: await openSources(asked.args ?? [], given), complaints: given.complaints, warnings };
}

/** So many rows. */
const upTo = (count: number) =>
  `with recursive n(id) as (select 1 union all select id + 1 from n where id < ${count}) select id from n`;

const shown = ({ id, url, invalid, meta, request }: Task) => ({
  ...(id !== undefined && { id }),
  url,
  ...(request.body !== undefined && { body: Buffer.from(request.body).toString() }),
  ...(invalid !== undefined && { invalid: `${invalid.code}: ${invalid.message}` }),
  ...(meta !== undefined && { meta: JSON.stringify(meta) }),
});

const users = await made(
  'users.db',
  `create table users (id integer primary key, name text, score real, photo blob);
   insert into users values (7, 'Ada', 1.5, x'00ff'), (12345678901234567, 'Bö', null, null), (9, null, -0.1, null);`,
);

describe('rows of a query', () => {
  it('are tasks, in its order, with the row as meta and its id', async () => {
    const { source, complaints } = await open(users, {
      sql: 'select id, name, score from users order by id',
      url: 'http://a/{id}{?name}',
      settings: {
        templates: {
          url: 'http://a/{id}{?name}',
          header: [],
          json: '{"id":{id},"score":{score}}',
          data: undefined,
        },
      },
    });
    expect(source.name).toMatch(/users\.db$/);
    expect((await readAll(source)).map(shown)).toEqual([
      {
        id: '7',
        url: 'http://a/7?name=Ada',
        body: '{"id":7,"score":1.5}',
        meta: '{"id":7,"name":"Ada","score":1.5}',
      },
      {
        id: '9',
        url: 'http://a/9',
        body: '{"id":9,"score":-0.1}',
        meta: '{"id":9,"name":null,"score":-0.1}',
      },
      {
        id: '12345678901234567',
        url: 'http://a/12345678901234567?name=B%C3%B6',
        body: '{"id":12345678901234567,"score":null}',
        meta: '{"id":12345678901234567,"name":"Bö","score":null}',
      },
    ]);
    expect(complaints).toEqual([]);
  });

  it('go to the column url without templates', async () => {
    const { source } = await open(users, { sql: "select 'http://a/' || name as url from users", url: '' });
    const tasks = await readAll(source);
    expect(tasks.map(({ url }) => url).toSorted()).toEqual(['', 'http://a/Ada', 'http://a/B%C3%B6']);
    expect(tasks.find(({ url }) => url === '')?.invalid?.message).toBe('the row has no url');
    expect(tasks.find(({ url }) => url !== '')?.request).toBe(request);
  });

  it('that lack a value are told by their id, and the others go on', async () => {
    const { source, complaints } = await open(users, {
      sql: 'select id, name from users order by id',
      url: 'http://a/{name}',
    });
    expect((await readAll(source)).map(({ invalid }) => invalid?.message)).toEqual([
      undefined,
      '"name" has no value',
      undefined,
    ]);
    expect(complaints).toEqual([expect.stringMatching(/users\.db: id 9: "name" has no value$/)]);
  });

  it('without an id are told by their number', async () => {
    const { source, complaints } = await open(users, {
      sql: 'select name from users order by id',
      url: 'http://a/{name}',
    });
    await readAll(source);
    expect(complaints).toEqual([expect.stringMatching(/users\.db: row 2: "name" has no value$/)]);
  });

  it('depend on parameters, which are values and no SQL', async () => {
    const { source } = await open(users, {
      sql: 'select id from users where name = $1 or id = $2',
      parameters: ["' or 1=1 --", '9'],
    });
    expect((await readAll(source)).map(({ id }) => id)).toEqual(['9']);
  });

  it('come before the tasks of the arguments, which are numbered on', async () => {
    const { source } = await open(users, {
      sql: "select 'http://a/' || id as url from users order by id",
      url: '',
      args: ['http://b/[1-2]'],
    });
    expect((await readAll(source)).map(({ index, url }) => [index, url])).toEqual([
      [0, 'http://a/7'],
      [1, 'http://a/9'],
      [2, 'http://a/12345678901234567'],
      [3, 'http://b/1'],
      [4, 'http://b/2'],
    ]);
  });

  it('are selected as any others', async () => {
    const selection = { skip: 1, shard: undefined, dedupe: false, limit: 1 };
    const { source } = await open(users, {
      sql: 'select id from users order by id',
      settings: { selection },
    });
    expect((await readAll(source)).map(({ index, id }) => [index, id])).toEqual([[1, '9']]);
    while ((await openCount(users)) > 0);
  });

  it('may be none, which a template still has to fit', async () => {
    const sql = 'select id from users where id < 0';
    expect(await readAll((await open(users, { sql })).source)).toEqual([]);
    await expect(open(users, { sql, url: 'http://a/{idd}' })).rejects.toThrow(
      '--url: {idd} is no column of the query (its columns are id)',
    );
  });

  it('come in batches that are neither empty nor too large, and the file is closed after the last', async () => {
    const { source } = await open(users, { sql: upTo(2 * batchSize + 1) });
    expect(await openCount(users)).toBeGreaterThan(0);
    const batches = await readBatches(source);
    expect(batches.map((batch) => batch.length)).toEqual([batchSize, batchSize, 1]);
    expect(await openCount(users)).toBe(0);
  });
});

describe('ids that are looked up', () => {
  const sql = 'select id, name from users where id in (select value from json_each($1))';

  it('are asked for in parts, and keep their order', async () => {
    const { source, complaints, warnings } = await open(users, {
      sql: `${sql} and name is not $2`,
      parameters: ['Nobody'],
      lookups: { size: 2, pool: 2 },
      settings: { ids: '12345678901234567,8-9,7' },
    });
    expect((await readAll(source)).map(({ index, id, invalid }) => [index, id, invalid?.code])).toEqual([
      [0, '12345678901234567', undefined],
      [1, '8', 'INVALID_ROW'],
      [2, '9', undefined],
      [3, '7', undefined],
    ]);
    expect(complaints).toEqual([expect.stringMatching(/users\.db: the query gave no row for id 8$/)]);
    expect(warnings).toEqual([]);
  });

  it('without a column id are counted when there is no row', async () => {
    const { source, complaints, warnings } = await open(users, {
      sql: 'select name from users where id in (select value from json_each($1))',
      url: 'http://a/{?name}',
      lookups: { size: 2, pool: 1 },
      settings: { ids: '1-10' },
    });
    expect(await readAll(source)).toHaveLength(2);
    expect(complaints).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(
        /users\.db: the query gave no row for 8 of 10 ids; with a column id it can be told for which$/,
      ),
    ]);
  });

  it('cost no memory', async () => {
    const selection = { skip: 0, shard: undefined, dedupe: false, limit: 600 };
    const { source } = await open(users, { sql, settings: { ids: '100-9000000000', selection } });
    const tasks = await readAll(source);
    expect(tasks.at(-1)).toMatchObject({ index: 599, id: '699', invalid: { code: 'INVALID_ROW' } });
  });

  it('cannot fill a URL too', async () => {
    const args = ['http://a/{id}'];
    await expect(open(users, { sql, url: '', args, settings: { ids: '1' } })).rejects.toThrow(
      '--ids are looked up by --query, and cannot fill http://a/{id} too',
    );
  });
});

describe('what is wrong is told before anything is fetched, and the file is closed', () => {
  it.each<[string, Asked, RegExp]>([
    ['no SQL', { sql: 'selekt 1' }, /^--query: .*selekt/],
    ['a table that is not there', { sql: 'select * from nobody' }, /^--query: .*nobody/],
    [
      'a statement that writes',
      { sql: "insert into users values (1, '', 0, null) returning id" },
      /^--query: /,
    ],
    ['a parameter without a place', { sql: 'select id from users', parameters: ['1'] }, /^--query: /],
    ['a place without a parameter', { sql: 'select id from users where id > $1' }, /^--query: /],
    [
      'two columns of one name',
      { sql: 'select id, name as id from users' },
      /^--query: two columns are called id: name one with "as"$/,
    ],
    [
      'no url',
      { sql: 'select id from users', url: '' },
      /^--query: gives no column url, and there is no --url .*\(its columns are id\)$/,
    ],
    [
      'an unknown place',
      { sql: 'select id, name from users', url: 'http://a/{nam}' },
      /^--url: \{nam\} is no column of the query \(its columns are id, name\)$/,
    ],
    [
      'a file that is not there',
      { from: 'sqlite:/nowhere/users.db', sql: 'select 1' },
      /^--from: cannot open sqlite:\/nowhere\/users\.db: /,
    ],
    [
      'a file that is none',
      { from: `sqlite:${import.meta.filename}`, sql: 'select 1' },
      /^--from: cannot open .*: it is no SQLite database$/,
    ],
  ])('%s', async (_, asked, message) => {
    await expect(open(users, asked)).rejects.toThrow(message);
    await expect(open(users, asked)).rejects.toThrow(UsageError);
    expect(await openCount(users)).toBe(0);
  });
});

it('a reader that returns does not wait for a query that is still at work, and the file is closed', async () => {
  const batches = (await open(users, { sql: upTo(3 * batchSize) })).source[Symbol.asyncIterator]();
  expect((await batches.next()).done).toBe(false);
  await batches.return?.();
  expect((await batches.next()).done).toBe(true);
  while ((await openCount(users)) > 0);
});
