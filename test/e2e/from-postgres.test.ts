import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { cuttableProxy, type CuttableProxy } from '../servers/cuttable.ts';
import { describePostgres } from '../servers/postgres.ts';
import { scriptedServer } from '../servers/scripted.ts';
import { until } from '../servers/until.ts';
import { cli, ended, lines, sorted, startCli } from './cli.ts';
import { scratch } from './scratch.ts';

const server = await scriptedServer({ '*': ({ body }) => ({ body }) });
const { url } = server;
afterAll(() => server.close());

/** How often a path was asked for: each test has its own. */
const hits = (prefix: string) => server.received.filter(({ target }) => target.startsWith(prefix)).length;

const upTo = (count: number) => `select id from generate_series(1, ${count}) as id order by id`;
const all = (count: number) => Array.from({ length: count }, (_, at) => String(at + 1));

/** The ids of the records, in input order. */
const ids = (stdout: string) => sorted(stdout).map(({ id }) => id);

/** No message may have it. */
const password = 's3cr3t-s3cr3t';

describePostgres('--from postgres://', (database) => {
  /** A way to the database that can be cut. */
  async function proxied(): Promise<CuttableProxy> {
    const withPassword = database.url.replace(/^(\w+:\/\/[^:@/]+)(?=@)/, `$1:${password}`);
    const proxy = await cuttableProxy(withPassword);
    onTestFinished(() => proxy[Symbol.asyncDispose]());
    return proxy;
  }

  /** A query whose rows are fetched slowly enough for something to happen meanwhile. */
  const slow = (from: string, query: string, to: string, more: readonly string[] = []) => {
    const asked = ['--from', from, '--query', query, '--url', `${url}/${to}/{id}`];
    const pace = ['-c', '2', '--queue-size', '10', '--retry-delay', '10ms', '--retry-max-delay', '100ms'];
    return [...asked, ...pace, ...more, '-q'];
  };

  it('makes requests of rows, with every digit of their values', async () => {
    await database.sql(`
      create table users (id bigint primary key, name text, tags jsonb, score numeric, at timestamptz);
      insert into users values
        (9007199254740993, 'Ada', '{"a":[1.50]}', 0.10, '2026-01-02T03:04:05.123456Z'), (2, null, null, null, null)`);
    const { status, stdout, stderr } = await cli([
      '--from',
      database.url,
      '--query',
      'select * from users where id > $1 order by id',
      '--param',
      '1',
      '--url',
      `${url}/rows/{id}{?name}`,
      '--json',
      '{"tags":{tags},"score":{score},"at":{at}}',
      '-q',
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('"meta":{"id":9007199254740993,"name":"Ada","tags":{"a":[1.50]},"score":0.10,');
    expect(sorted(stdout)).toMatchObject([
      { id: '2', body: { tags: null, score: null, at: null } },
      {
        id: '9007199254740993',
        url: `${url}/rows/9007199254740993?name=Ada`,
        body: { tags: { a: [1.5] }, score: 0.1, at: '2026-01-02T03:04:05.123456Z' },
      },
    ]);
  });

  it('looks ids up, in their order, and tells of those without a row', async () => {
    await database.sql(`
      create table found (id int primary key, name text);
      insert into found select n, 'user ' || n from generate_series(1, 2000) as n where n <> 1500`);
    const { status, stdout, stderr } = await cli([
      '--from',
      database.url,
      '--query',
      'select id, name from found where id = any($1) and name <> $2 order by id desc',
      '--param',
      'user 7',
      '--ids',
      '1-2000',
      '--url',
      `${url}/ids/{id}`,
      '-q',
    ]);
    const said = (id: number) =>
      expect.stringMatching(
        new RegExp(`^bulkfetch: postgres:.*: the query gave no row for id ${id}$`),
      ) as string;
    expect({ status, stderr: stderr.trimEnd().split('\n') }).toEqual({
      status: 1,
      stderr: [said(7), said(1500)],
    });
    expect(ids(stdout)).toEqual(all(2000));
    expect(hits('/ids/')).toBe(1998);
  });

  it('tells of ids that the column cannot hold as of those without a row', async () => {
    await database.sql('create table numbered as select n::bigint as id from generate_series(1, 20) as n');
    const asked = ['--query', 'select id from numbered where id = any($1) and id < $2', '--db-batch', '10'];
    const args = ['--from', database.url, ...asked, '--url', `${url}/numbered/{id}`, '-q'];
    const given = ['--ids', `1-5,abc,6-15,1${'0'.repeat(30)}`];
    const { status, stdout, stderr } = await cli([...args, ...given, '--param', '1000']);
    expect({ status, told: stderr.match(/no row for id \w+/g) }).toEqual({
      status: 1,
      told: ['no row for id abc', `no row for id 1${'0'.repeat(30)}`],
    });
    expect(sorted(stdout).filter(({ ok }) => ok)).toHaveLength(15);
    expect(sorted(stdout)[5]).toMatchObject({ id: 'abc', error: { code: 'INVALID_ROW' } });
    const wrong = await cli([...args, '--ids', '1-20', '--param', 'x']);
    expect(wrong).toMatchObject({ status: 2, stdout: '' });
    expect(wrong.stderr).toMatch(/^bulkfetch: --query: invalid input syntax for type bigint: "x"/);
  });

  it('goes on where it was when the connection is lost', async () => {
    const proxy = await proxied();
    const run = startCli(slow(proxy.url, upTo(5000), 'lost', ['--ordered']));
    await until(() => hits('/lost/') > 100);
    proxy.cut();
    await until(() => proxy.total > 1);
    const { status, stdout, stderr } = await ended(run);
    expect(status).toBe(0);
    expect(ids(stdout)).toEqual(all(5000));
    expect(hits('/lost/')).toBe(5000);
    expect(stderr).toMatch(
      /: the connection was lost.*; trying again\nbulkfetch: .*: back after \d+\.\d s\n$/,
    );
    expect(stderr).not.toContain(password);
  });

  it('ends with status 3 when the database stays away, and goes on with --resume', async () => {
    const cwd = scratch();
    const proxy = await proxied();
    const args = slow(proxy.url, upTo(3000), 'away', ['-o', 'out.jsonl', '--db-timeout', '0.3s']);
    const run = startCli(args, { cwd });
    await until(() => hits('/away/') > 100);
    await proxy.refuse();
    const { status, stderr } = await ended(run);
    expect(status).toBe(3);
    expect(stderr).toMatch(/\nbulkfetch: postgres:.* stayed away: connect ECONNREFUSED \S+\n$/);
    expect(stderr).not.toContain(password);
    const text = () => readFileSync(path.join(cwd, 'out.jsonl'), 'utf8');
    expect(lines(text())).toHaveLength(hits('/away/'));
    expect(hits('/away/')).toBeLessThan(3000);

    await proxy.accept();
    const changed = args.map((arg) => arg.replace(password, 'another')); // it may have been one that ran out
    expect(await cli([...changed, '--resume'], { cwd })).toMatchObject({ status: 0, stderr: '' });
    expect(ids(text())).toEqual(all(3000));
    expect(hits('/away/')).toBe(3000);
  });

  it('is not waited for at the end, though it hangs', async () => {
    const proxy = await proxied();
    const run = startCli(slow(proxy.url, upTo(5000), 'hangs'));
    await until(() => hits('/hangs/') > 100);
    proxy.stall();
    run.kill('SIGINT');
    const { status, stdout } = await ended(run);
    expect(status).toBe(130);
    expect(lines(stdout)).toHaveLength(hits('/hangs/'));
  });

  it('is not waited for, though its first row takes for ever', async () => {
    const run = startCli(slow(database.url, 'select 1 as id, pg_sleep(600)', 'sleeps'));
    const end = ended(run);
    const asleep = `select 1 from pg_stat_activity where datname = $1 and wait_event = 'PgSleep'`;
    while ((await database.sql(asleep, [database.name])).length === 0);
    run.kill('SIGINT');
    expect(await end).toMatchObject({ stdout: '', stderr: '' });
    await database.terminate();
  });

  it('is asked for no more rows than are wanted', async () => {
    const proxy = await proxied();
    const query = `select id, repeat('x', 1000) as text from generate_series(1, 1000000) as id`;
    const run = startCli(slow(proxy.url, query, 'wanted'));
    await until(() => hits('/wanted/') > 100);
    expect(proxy.received).toBeLessThan(10_000_000);
    run.kill('SIGINT');
    expect((await ended(run)).status).toBe(130);
  });

  it.each<[string, string[], RegExp]>([
    ['no SQL', ['--query', 'selekt 1'], /^bulkfetch: --query: syntax error at or near "selekt" .*\n$/],
    [
      'no table',
      ['--query', 'select * from nobody'],
      /^bulkfetch: --query: relation "nobody" does not exist .*\n$/,
    ],
    [
      'a statement that writes',
      ['--query', 'create table never (id int)'],
      /^bulkfetch: --query: cannot execute CREATE TABLE in a read-only transaction .*\n$/,
    ],
    [
      'a parameter of another type',
      ['--query', 'select 1 as id where 1 = $1', '--param', 'one'],
      /^bulkfetch: --query: invalid input syntax for type integer: "one" .*\n$/,
    ],
    [
      'a place without a parameter',
      ['--query', 'select 1 as id where 1 = $1'],
      /^bulkfetch: --query: it has places for 1 values, and is given 0\n$/,
    ],
    [
      'a column that is not there',
      ['--query', 'select 1 as idd'],
      /^bulkfetch: --url: \{id\} is no column of the query/,
    ],
  ])('%s: status 2, and nothing is sent', async (_, args, said) => {
    const { status, stdout, stderr } = await cli([
      '--from',
      database.url,
      '--url',
      `${url}/never/{id}`,
      ...args,
    ]);
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(said) as string,
    });
    expect(hits('/never/')).toBe(0);
  });

  it('nobody there: status 2', async () => {
    const proxy = await proxied();
    await proxy.refuse();
    const { status, stderr } = await cli([
      '--from',
      proxy.url,
      '--query',
      'select 1 as id',
      '--url',
      `${url}/{id}`,
    ]);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: `bulkfetch: --from: cannot open postgres://127.0.0.1:${proxy.port}/${database.name}: connect ECONNREFUSED 127.0.0.1:${proxy.port}\n`,
    });
  });
});
