import { once } from 'node:events';
import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { createLatch } from '../servers/latch.ts';
import { scriptedServer } from '../servers/scripted.ts';
import { until } from '../servers/until.ts';
import { cli, ended, lines, shell, sorted, startCli, type CliResult } from './cli.ts';
import { scratch } from './scratch.ts';

const server = await scriptedServer({ '*': ({ body }) => ({ body }) });
const { url } = server;
afterAll(() => server.close());

/** What came at a path: each test has its own. */
function received(prefix: string) {
  return server.received.filter(({ target }) => target.startsWith(prefix));
}

/** A folder with `users.db`, made by these statements. */
function withUsers(sql: string, files: Readonly<Record<string, string>> = {}): string {
  const cwd = scratch(files);
  const database = new DatabaseSync(path.join(cwd, 'users.db'));
  database.exec(`create table users (id integer primary key, name text, tags text, synced_at text); ${sql}`);
  database.close();
  return cwd;
}

const people = `insert into users values
  (17, 'Ada "the" Hopper', '{"a":[1]}', null), (18, '{name}', '{}', '2026-01-01'), (19, null, null, null);`;

/** So many rows, made as they are read. */
const upTo = (count: number) =>
  `with recursive n(id) as (select 1 union all select id + 1 from n where id < ${count}) select id from n`;

const from = ['--from', 'sqlite:users.db'];

describe('--from and --query', () => {
  it('make requests of rows', async () => {
    const cwd = withUsers(people);
    const { status, stdout, stderr } = await cli(
      [
        ...from,
        '-q',
        '--query',
        'select id, name from users where synced_at is null order by id',
        '--url',
        `${url}/make/{id}{?name}`,
        '--json',
        '{"id":{id},"text":"{id}"}',
        '-H',
        'X-Id: {id}',
      ],
      { cwd },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(sorted(stdout)).toMatchObject([
      { id: '17', body: { id: 17, text: '17' }, meta: { id: 17, name: 'Ada "the" Hopper' } },
      { id: '19', body: { id: 19, text: '19' }, meta: { id: 19, name: null } },
    ]);
    expect(
      received('/make/')
        .map(({ method, target, headers }) => `${method} ${target} ${String(headers['x-id'])}`)
        .toSorted(),
    ).toEqual(['POST /make/17?name=Ada%20%22the%22%20Hopper 17', 'POST /make/19 19']);
  });

  it('take a query from a file, and parameters from the environment', async () => {
    const cwd = withUsers(people, {
      'q.sql': '-- those\nselect id from users\nwhere name = $1; -- that is all\n',
    });
    const { status, stdout } = await cli(
      [...from, '-q', '--query', '@q.sql', '--param', '${NAME}', '--url', `${url}/file/{id}`],
      { cwd, env: { NAME: 'Ada "the" Hopper' } },
    );
    expect(status).toBe(0);
    expect(lines(stdout).map(({ id }) => id)).toEqual(['17']);
  });

  it('go with other sources, --skip, --limit and --dedupe', async () => {
    const cwd = withUsers(people);
    const query = `select '${url}/others/' || (id / 18) as url from users order by id`;
    const { status, stdout } = await cli(
      [...from, '--query', query, `${url}/others/[1-4]`, '-q', '--skip', '1', '--dedupe', '--limit', '3'],
      { cwd },
    );
    expect(status).toBe(0);
    expect(sorted(stdout).map(({ index, url: one }) => [index, one])).toEqual([
      [1, `${url}/others/1`],
      [4, `${url}/others/2`],
      [5, `${url}/others/3`],
    ]);
  });

  it('are shards of one list', async () => {
    const cwd = withUsers(people);
    const shards = ['1/2', '2/2'].map(async (shard) => {
      const args = [...from, '--query', upTo(20), '--url', `${url}/shard/{id}`, '-q', '--shard', shard];
      return lines((await cli(args, { cwd })).stdout).map(({ index }) => index);
    });
    expect((await Promise.all(shards)).flat().sort((a, b) => a - b)).toEqual([...Array(20).keys()]);
  });

  it('are there for compare too', async () => {
    const cwd = withUsers(people);
    const { status, stderr } = await cli(
      [
        'compare',
        ...from,
        '--query',
        'select id from users',
        '--url',
        `${url}/compare/{id}`,
        '--levels',
        '2',
      ],
      { cwd },
    );
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(received('/compare/')).toHaveLength(6);
  });

  it('do not disturb who writes there meanwhile', async () => {
    const cwd = withUsers(people);
    const database = new DatabaseSync(path.join(cwd, 'users.db'));
    const run = startCli(
      [...from, '--query', upTo(100_000), '--url', `${url}/meanwhile/{id}`, '-q', '-c', '1'],
      { cwd },
    );
    await until(() => received('/meanwhile/').length > 0);
    database.exec("begin exclusive; update users set synced_at = 'now'; commit");
    database.close();
    run.kill('SIGINT');
    expect(await ended(run)).toMatchObject({
      status: 130,
      stderr: expect.stringMatching(/^bulkfetch: stopping/) as string,
    });
  });
});

describe('--ids', () => {
  it('are looked up, and one without a row has a record', async () => {
    const cwd = withUsers(people);
    const query =
      'select id, name from users where id in (select value from json_each($1)) and name is not $2';
    const bound = ['--param', 'Nobody'];
    const { status, stdout, stderr } = await cli(
      [
        ...from,
        '--query',
        query,
        ...bound,
        '--ids',
        '20,19,17',
        '--db-batch',
        '2',
        '--url',
        `${url}/ids/{id}`,
        '-q',
      ],
      { cwd },
    );
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'bulkfetch: users.db: the query gave no row for id 20\n',
    });
    expect(sorted(stdout)).toMatchObject([
      {
        index: 0,
        id: '20',
        attempts: 0,
        error: { kind: 'input', code: 'INVALID_ROW', message: 'the query gave no row for id 20' },
      },
      { index: 1, id: '19', ok: true },
      { index: 2, id: '17', ok: true },
    ]);
  });
});

describe('--resume', () => {
  const query = ['--query', upTo(10), '--url', `${url}/resume/{id}`];

  it('goes on with the rows that are missing', async () => {
    const cwd = withUsers(people);
    const args = [...from, ...query, '-o', 'out.jsonl', '-q', '--resume'];
    expect(await cli([...args, '--limit', '4'], { cwd })).toMatchObject({ status: 0, stderr: '' });
    expect(await cli(args, { cwd })).toMatchObject({ status: 0, stderr: '' });
    expect(
      lines(readFileSync(path.join(cwd, 'out.jsonl'), 'utf8'))
        .map(({ id }) => Number(id))
        .sort((a, b) => a - b),
    ).toEqual(Array.from({ length: 10 }, (_, at) => at + 1));
    expect(received('/resume/')).toHaveLength(10);
  });

  it.each([
    { flag: '--query', value: `${upTo(11)} where $1 = 'a'` },
    { flag: '--from', value: 'sqlite:copy.db' },
    { flag: '--param', value: 'b' },
  ])('refuses another $flag', async ({ flag, value }) => {
    const cwd = withUsers(people);
    copyFileSync(path.join(cwd, 'users.db'), path.join(cwd, 'copy.db'));
    const asked = { '--from': 'sqlite:users.db', '--query': `${upTo(10)} where $1 = 'a'`, '--param': 'a' };
    const run = (flags: Readonly<Record<string, string>>, ...more: readonly string[]) => {
      const args = [...Object.entries(flags).flat(), '--url', `${url}/other/{id}`, '-o', 'out.jsonl', '-q'];
      return cli([...args, ...more], { cwd });
    };
    expect(await run(asked)).toMatchObject({ status: 0, stderr: '' });
    expect(await run({ ...asked, [flag]: value }, '--resume')).toMatchObject({
      status: 2,
      stderr: `bulkfetch: --resume: out.jsonl was made with another ${flag}; without --resume it is made anew\n`,
    });
  });

  it('refuses rows that moved', async () => {
    const cwd = withUsers(people);
    const args = [
      ...from,
      '--query',
      'select id from users order by id',
      '--url',
      `${url}/moved/{id}`,
      '-o',
      'out.jsonl',
      '-q',
    ];
    await cli(args, { cwd });
    const database = new DatabaseSync(path.join(cwd, 'users.db'));
    database.exec('delete from users where id = 17');
    database.close();
    const { status, stderr } = await cli([...args, '--resume'], { cwd });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: `bulkfetch: --resume: out.jsonl was made from another input: task 0 is now ${url}/moved/18, and its record is of ${url}/moved/17\n`,
    });
  });
});

describe('what is wrong is told in one line, exit 2, and nothing is sent', () => {
  it.each<[string, string[], string | RegExp]>([
    [
      'no such file',
      ['--from', 'sqlite:nowhere.db', '--query', 'select 1 as id'],
      /^--from: cannot open sqlite:nowhere\.db: .*\n$/,
    ],
    ['no such table', ['--query', 'select id from nobody'], /^--query: .*no such table: nobody\n$/],
    ['a statement that writes', ['--query', 'delete from users returning id'], /^--query: .*\n$/],
    ['two statements', ['--query', 'select id from users; delete from users'], /^--query: .*\n$/],
    [
      'an unknown column',
      ['--query', 'select name from users'],
      '--url: {id} is no column of the query (its columns are name)\n',
    ],
    ['no row', ['--query', 'select id from users where id < 0'], 'no task: the query gives no row\n'],
    [
      'an output that is the database',
      ['--query', 'select id from users', '-o', 'users.db'],
      '--output: users.db is also an input; writing would destroy it\n',
    ],
    ['a parameter too many', ['--query', 'select id from users', '--param', '1'], /^--query: .*\n$/],
  ])('%s', async (_, args, said) => {
    const cwd = withUsers(people);
    const before = readFileSync(path.join(cwd, 'users.db'));
    const { status, stdout, stderr } = await cli([...from, '--url', `${url}/never/{id}`, ...args], { cwd });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.replace(/^bulkfetch: /, '')).toEqual(
      typeof said === 'string' ? said : expect.stringMatching(said),
    );
    expect(received('/never/')).toEqual([]);
    expect(readFileSync(path.join(cwd, 'users.db')).equals(before)).toBe(true);
  });
});

it('neither a row nor a URL is no task', async () => {
  const cwd = withUsers(people, { 'empty.txt': '' });
  const query = ['--query', 'select name as url from users where id < 0'];
  expect(await cli([...from, ...query, 'empty.txt'], { cwd })).toEqual({
    status: 2,
    stdout: '',
    stderr: 'bulkfetch: no task: the query gives no row, and there is no URL in empty.txt\n',
  });
});

describe('the end', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('comes with %s while rows are left', async (signal) => {
    const cwd = withUsers(people);
    const run = startCli(
      [...from, '--query', upTo(200_000), '--url', `${url}/${signal}/{id}`, '-q', '-c', '5'],
      { cwd },
    );
    await until(() => received(`/${signal}/`).length > 10);
    run.kill(signal);
    const { status, stdout } = await ended(run);
    expect(status).toBe(signal === 'SIGINT' ? 130 : 143);
    expect(lines(stdout)).toHaveLength(received(`/${signal}/`).length);
  });

  it('comes quietly when the reader of records goes away', async () => {
    const cwd = withUsers(people);
    const query = upTo(200_000);
    const command = `bulkfetch --from sqlite:users.db --query '${query}' --url "$URL/pipe/{id}" -c 5 -q | head -3; exit "\${PIPESTATUS[0]}"`;
    const { status, stdout, stderr } = await shell(command, { cwd, env: { URL: url } });
    expect({ status, stderr, records: lines(stdout).length }).toEqual({ status: 0, stderr: '', records: 3 });
  });

  describe('though SQLite looks for a row that there is not', () => {
    const endless =
      'with recursive n(id) as (select 1 union all select id + 1 from n) select id from n where id < 600';
    const args = [...from, '--query', endless, '-q', '--url'];

    it('comes with a signal', async () => {
      const run = startCli([...args, `${url}/endless/{id}`], { cwd: withUsers(people) });
      await until(() => received('/endless/').length === 512);
      run.kill('SIGINT');
      const { status, stdout } = await ended(run);
      expect(status).toBe(130);
      expect(lines(stdout)).toHaveLength(512);
    });

    it('comes with a second one', async () => {
      const latch = createLatch();
      await using held = await scriptedServer({ '*': () => latch.opened.then(() => ({ body: '' })) });
      const run = startCli([...args, `${held.url}/{id}`, '-c', '1'], { cwd: withUsers(people) });
      await until(() => held.received.length === 1);
      run.kill('SIGINT');
      await once(run.stderr, 'data');
      run.kill('SIGINT');
      expect(await ended(run)).toMatchObject({ status: 130, stdout: '' });
      latch.open();
    });

    it('comes at the limit', async () => {
      const run = cli([...args, `${url}/enough/{id}`, '--limit', '512'], { cwd: withUsers(people) });
      expect(await run).toMatchObject({ status: 0, stderr: '' });
      expect(received('/enough/')).toHaveLength(512);
    });
  });

  it('comes at the limit', async () => {
    const cwd = withUsers(people);
    const result: CliResult = await cli(
      [...from, '--query', upTo(200_000), '--url', `${url}/limit/{id}`, '-q', '--limit', '3'],
      { cwd },
    );
    expect(result.status).toBe(0);
    expect(lines(result.stdout)).toHaveLength(3);
  });
});
