import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Databases } from '../../../src/databases/index.ts';
import { toTarget } from '../../../src/databases/postgres/spec.ts';
import { SinkError, UsageError } from '../../../src/model/errors.ts';
import { recordLine } from '../../../src/model/line.ts';
import { resolveRunOptions, type RunOptions } from '../../../src/model/options/run-options.ts';
import { openSinks, type Sink } from '../../../src/sinks/index.ts';
import type { Shortfall } from '../../../src/sinks/sql/shortfall.ts';
import { failed, fetched } from '../../report/records.ts';
import { listen } from '../../servers/listen.ts';
import { describePostgres } from '../../servers/postgres.ts';

/** A database that is written into, and looked into from outside. */
interface Store {
  readonly spec: string;
  /** Its name, for messages. */
  readonly name: string;
  readonly sql: (text: string) => Promise<readonly Record<string, unknown>[]>;
}

describe('SQLite', () => {
  contract(() => {
    const file = path.join(folder(), 'results.db');
    const sql = (text: string) => {
      const database = new DatabaseSync(file);
      try {
        const rows = /^(?:select|pragma)/i.test(text) ? database.prepare(text).all() : database.exec(text);
        return Promise.resolve((rows ?? []).map((row) => ({ ...row })));
      } finally {
        database.close();
      }
    };
    return { spec: `sqlite:${file}`, name: file, sql };
  });

  it('keeps JSON with NUL and lone surrogates as it came', async () => {
    const file = path.join(folder(), 'results.db');
    const { sink } = await open(`sqlite:${file}`);
    await sink.write([fetched(0, 1, { content: { form: 'json', text: String.raw`"\u0000\ud800"` } })]);
    await sink.close();
    const database = new DatabaseSync(file);
    expect({ ...database.prepare('select body, body_encoding from results').get() }).toEqual({
      body: String.raw`"\u0000\ud800"`,
      body_encoding: null,
    });
    database.close();
  });

  it('says what cannot be opened', async () => {
    const file = path.join(folder(), 'nowhere', 'results.db');
    await expect(open(`sqlite:${file}`)).rejects.toThrow(
      new SinkError(`cannot write to sqlite:${file}: there is no folder ${path.dirname(file)}`),
    );
    const text = path.join(folder(), 'notes.txt');
    writeFileSync(text, 'no database '.repeat(100));
    await expect(open(`sqlite:${text}`)).rejects.toThrow(
      new SinkError(`cannot write to sqlite:${text}: it is no SQLite database`),
    );
  });
});

describePostgres('PostgreSQL', (database) => {
  let count = 0;
  contract(() => {
    const schema = `s${count++}`; // each test has its own
    const url = new URL(database.url);
    url.searchParams.set('options', `-csearch_path=${schema}`);
    const made = database.sql(`create schema ${schema}`);
    return {
      spec: url.href,
      name: toTarget(database.url).name,
      async sql(text) {
        await made;
        await database.sql(`set search_path = ${schema}`);
        return database.sql(text);
      },
    };
  });

  it.each([
    ['json', 'with its digits', `1e${'9'.repeat(6)}`, null],
    ['jsonb', 'in base64 too', base64(`1e${'9'.repeat(6)}`), 'base64:json'],
  ])(
    'keeps what it refuses of %s in base64, a number without measure %s',
    async (type, _, number, encoding) => {
      const bodies = [
        String.raw`{"a":"\u0000"}`,
        String.raw`"\ud800"`,
        `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
      ];
      const toTable = `refused_of_${type}`;
      await (await open(database.url, { toTable })).sink.close();
      await database.sql(`alter table public.${toTable} alter column body type ${type}`);
      const { sink, warnings } = await open(database.url, { toTable });
      await sink.write([
        ...[...bodies, `1e${'9'.repeat(6)}`, '"fine"'].map((text, index) =>
          fetched(index, 1, { content: { form: 'json', text } }),
        ),
        fetched(9, 1, { content: { form: 'text', text: 'a\0b' } }),
      ]);
      await sink.close();
      const rows = await database.sql(
        `select trim('"' from body::text) as body, body_encoding from public.${toTable} order by index`,
      );
      expect(rows).toEqual([
        ...bodies.map((text) => ({ body: base64(text), body_encoding: 'base64:json' })),
        { body: number, body_encoding: encoding },
        { body: 'fine', body_encoding: null },
        { body: base64('a\0b'), body_encoding: 'base64:text' },
      ]);
      expect(warnings).toEqual([]);
    },
  );

  it('keeps JSON as it came', async () => {
    const { sink } = await open(database.url, { toTable: 'as_it_came' });
    const text = '{ "b": 1.0,  "a": 12345678901234567890, "b": "\\u00e4" }';
    await sink.write([fetched(0, 1, { content: { form: 'json', text } })]);
    await sink.close();
    expect(await database.sql('select body::text as body from public.as_it_came')).toEqual([{ body: text }]);
  });

  it('keeps meta that it refuses in base64', async () => {
    const { sink } = await open(database.url, { toTable: 'refused_meta' });
    await sink.write([fetched(0, 1, { meta: { a: '\0' } })]);
    await sink.close();
    expect(await database.sql('select meta from public.refused_meta')).toEqual([
      { meta: { 'base64:json': base64(String.raw`{"a":"\u0000"}`) } },
    ]);
  });

  it('says what cannot be reached, without the password', async () => {
    const server = createServer();
    const port = await listen(server, '127.0.0.1');
    server.close(); // nobody listens there now
    await expect(open(`postgres://ann:s3cr3t@127.0.0.1:${port}/app?table=t`)).rejects.toThrow(
      new SinkError(
        `cannot write to postgres://127.0.0.1:${port}/app: connect ECONNREFUSED 127.0.0.1:${port}`,
      ),
    );
  });
});

/** What holds for every database. */
function contract(store: () => Store): void {
  it('has a row for each record, in a table that is made', async () => {
    const { spec, sql, name } = store();
    await sql('select 1');
    const { sink, shortfalls } = await open(spec, { dbBatch: 7 });
    expect(sink.name).toBe(`table results of ${name}`);
    await Promise.all([
      sink.write(Array.from({ length: 20 }, (_, index) => fetched(index, 1))),
      sink.write([
        failed(20, 'HTTP_STATUS', { status: 404, content: { form: 'json', text: '{"why":"not here"}' } }),
        fetched(21, 1, { id: 'a\0b', page: 2, content: { form: 'base64', bytes: Uint8Array.of(0) } }),
      ]),
    ]);
    await sink.close();
    expect(asText(await sql('select count(*) as n from results'))).toEqual([{ n: '22' }]);
    expect(
      asText(
        await sql(
          `select id, page, ok, status, error_code, body, body_encoding from results where "index" >= 20 order by "index"`,
        ),
      ),
    ).toEqual([
      {
        id: '20',
        page: '1',
        ok: expect.stringMatching(/^(?:0|false)$/) as string,
        status: '404',
        error_code: 'HTTP_STATUS',
        body: '{"why":"not here"}',
        body_encoding: 'null',
      },
      {
        id: String.raw`a\u0000b`,
        page: '2',
        ok: expect.stringMatching(/^(?:1|true)$/) as string,
        status: '200',
        error_code: 'null',
        body: expect.stringMatching(/^"?AA=="?$/) as string,
        body_encoding: 'base64',
      },
    ]);
    expect(shortfalls).toEqual([]);
  });

  it('has the later row in the place of the earlier', async () => {
    const { spec, sql } = store();
    await sql('select 1');
    for (const status of [500, 200]) {
      const { sink } = await open(spec);
      await sink.write([fetched(0, 1, { status }), fetched(1, 1, { status })]);
      await sink.close();
    }
    const { sink } = await open(spec, { dbBatch: 1 });
    await Promise.all([201, 202, 203].map((status) => sink.write([fetched(1, 1, { status })])));
    await sink.close();
    expect(asText(await sql('select id, status from results order by id'))).toEqual([
      { id: '0', status: '200' },
      { id: '1', status: '203' },
    ]);
  });

  it('has parts of records in a table of the user', async () => {
    const { spec, sql } = store();
    await sql('create table users (id integer primary key, name text, score double precision, other text)');
    await sql(`insert into users values (1, 'old', 5, 'kept')`);
    const { sink, shortfalls } = await open(spec, {
      toTable: 'users',
      toColumns: 'id=id,name=body.name,score=body.score',
    });
    const body = (text: string) => ({ content: { form: 'json', text } }) as const;
    await sink.write([
      fetched(1, 1, body('{"name":"Ada","score":1.5}')),
      fetched(2, 1, body('{"name":["x"]}')),
      failed(3, 'HTTP_STATUS', body('{"name":"error"}')),
    ]);
    await sink.close();
    expect(asText(await sql('select * from users order by id'))).toEqual([
      { id: '1', name: 'Ada', score: '1.5', other: 'kept' },
      { id: '2', name: '["x"]', score: 'null', other: 'null' },
    ]);
    expect(shortfalls).toMatchObject([{ failed: 1, refused: 0 }]);
  });

  it('has the later of two rows whose keys are the same to the database alone', async () => {
    const { spec, sql } = store();
    await sql('create table users (id integer primary key, name text)');
    await sql(`insert into users values (7, 'old')`); // so that rows are replaced
    const { sink, warnings } = await open(spec, {
      toTable: 'users',
      toColumns: 'id=body.id,name=body.name',
    });
    const body = (text: string) => ({ content: { form: 'json', text } }) as const;
    await sink.write([
      fetched(0, 1, body('{"id":7,"name":"first"}')),
      fetched(1, 1, body('{"id":"07","name":"second"}')),
      fetched(2, 1, body('{"id":8,"name":"other"}')),
    ]);
    await sink.close();
    expect(asText(await sql('select * from users order by id'))).toEqual([
      { id: '7', name: 'second' },
      { id: '8', name: 'other' },
    ]);
    expect(warnings).toEqual([]);
  });

  it('tells which rows a table of the user refuses, and stores the others', async () => {
    const { spec, sql, name } = store();
    await sql('create table users (id integer primary key, name text check (length(name) < 5))');
    const { sink, shortfalls, warnings } = await open(spec, {
      toTable: 'users',
      toColumns: 'id=id,name=body',
    });
    const named = (index: number, text: string) => fetched(index, 1, { content: { form: 'text', text } });
    await sink.write([named(0, 'Ann'), named(1, 'Maximilian'), named(2, 'Bob')]);
    await sink.close();
    expect(asText(await sql('select id from users order by id'))).toEqual([{ id: '0' }, { id: '2' }]);
    expect(warnings).toEqual([
      expect.stringContaining(`table users of ${name}: the row of id 1 is not stored: `),
    ]);
    expect(shortfalls).toEqual([{ table: `table users of ${name}`, failed: 0, refused: 1 }]);
  });

  it.each<[string, string | undefined, RunOptions, (name: string) => string]>([
    [
      'that is no table of results',
      'create table results (id text primary key, url text)',
      {},
      (name) =>
        `--to: table results of ${name} is there, but is no table of results: it has no column index, page, final_url,`,
    ],
    [
      'of the user that is not there',
      undefined,
      { toTable: 'users', toColumns: 'id' },
      (name) => `--to-columns: there is no table users of ${name}, and it is not made`,
    ],
    [
      'of the user without the column',
      'create table users (id integer primary key, name text)',
      { toTable: 'users', toColumns: 'id,nick=body.nick' },
      (name) => `--to-columns: table users of ${name} has no column nick: it has id, name`,
    ],
    [
      'of the user of which a column is generated',
      'create table users (id integer primary key, up integer generated always as (id + 1) stored)',
      { toTable: 'users', toColumns: 'id,up=body.up' },
      (name) => `--to-columns: up of table users of ${name} is generated: it cannot be written`,
    ],
    [
      'of the user whose key is not written',
      'create table users (id integer primary key, name text)',
      { toTable: 'users', toColumns: 'name=body.name' },
      (name) =>
        `--to-columns: table users of ${name} needs a primary key or unique index of columns that are named, else running again would write rows twice; it has (id)`,
    ],
    [
      'of the user without a key',
      'create table users (id integer, name text)',
      { toTable: 'users', toColumns: 'id' },
      (name) =>
        `--to-columns: table users of ${name} needs a primary key or unique index of columns that are named, else running again would write rows twice; it has none`,
    ],
  ])('refuses a table %s', async (_, made, options, message) => {
    const { spec, sql, name } = store();
    await sql(made ?? 'select 1');
    const opening = open(spec, options);
    await expect(opening).rejects.toThrow(UsageError);
    await expect(opening).rejects.toThrow(message(name));
  });

  it('refuses a table of results that cannot tell rows apart', async () => {
    const { spec, sql, name } = store();
    await sql('select 1');
    await (await open(spec)).sink.close();
    await sql('create table copied as select * from results');
    await expect(open(spec, { toTable: 'copied' })).rejects.toThrow(
      `--to: table copied of ${name} has no primary key or unique index of id, page`,
    );
  });

  it('ends the run when the table goes', async () => {
    const { spec, sql, name } = store();
    await sql('select 1');
    const { sink } = await open(spec);
    await sink.write([fetched(0, 1)]);
    await sql('drop table results');
    const writing = sink.write([fetched(1, 1)]);
    await expect(writing).rejects.toThrow(SinkError);
    await expect(writing).rejects.toThrow(`cannot write table results of ${name}: `);
    await sink.close();
  });
}

/** A sink as the command line opens it. The end of the test closes what is open. */
async function open(spec: string, options: RunOptions = {}) {
  const { toTable, toColumns, dbBatch, dbPool } = resolveRunOptions(options);
  const warnings: string[] = [];
  const shortfalls: Shortfall[] = [];
  const onWarning = (text: string) => warnings.push(text);
  const backoff = { retryDelay: 1, retryMaxDelay: 10, retryFactor: 2 };
  const databases = new Databases({
    pool: dbPool,
    isSynced: false,
    patience: { backoff, awayMs: 5000, onWarning },
  });
  onTestFinished(() => databases.close());
  const sink: Sink = await openSinks([spec], {
    lineOf: recordLine,
    fsync: 'none',
    sql: {
      databases,
      table: toTable,
      columns: toColumns,
      withAllHeaders: false,
      batchSize: dbBatch,
      onWarning,
      onShortfall: (shortfall) => shortfalls.push(shortfall),
    },
  });
  return { sink, warnings, shortfalls };
}

/** Databases differ in the types of what they give. */
function asText(rows: readonly Record<string, unknown>[]): Record<string, string>[] {
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value),
      ]),
    ),
  );
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function folder(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'bulkfetch-sql-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}
