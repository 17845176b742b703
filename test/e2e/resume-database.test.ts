import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { mulberry32 } from '../../src/serve/random.ts';
import { describePostgres } from '../servers/postgres.ts';
import { scriptedServer } from '../servers/scripted.ts';
import { until } from '../servers/until.ts';
import { cli, ended, lines, startCli } from './cli.ts';
import { scratch } from './scratch.ts';

/** Which paths fail with which status; all others give their own name. */
const failing = new Map<string, number>();
/** Paths whose requests are never answered. */
const hanging = new Set<string>();
const json = { 'content-type': 'application/json' };

const server = await scriptedServer({
  '*': ({ target }) => {
    const { pathname, searchParams } = new URL(target, 'http://a');
    if (hanging.has(pathname)) {
      return;
    }
    const page = Number(searchParams.get('page') ?? '1');
    const next = pathname.startsWith('/pages/') && page < 4 ? `${url}${pathname}?page=${page + 1}` : null;
    return { status: failing.get(target) ?? 200, headers: json, body: JSON.stringify({ at: target, next }) };
  },
});
const { url } = server;
afterAll(() => server.close());

/** The targets that were asked for since the call. */
function watched(): () => string[] {
  const before = server.received.length;
  return () => server.received.slice(before).map(({ target }) => target);
}

const pathsOf = (list: string, numbers: readonly number[]) => numbers.map((number) => `/${list}/${number}`);
const ok = { status: 0, stdout: '', stderr: '' };

interface Place {
  /** Begins the names of lists, whose requests are counted. */
  readonly kind: string;
  /** A `--to` for a table of that name. */
  readonly to: (cwd: string, table: string) => string;
  readonly sql: (cwd: string, text: string) => Promise<readonly unknown[]>;
}

/** Tests of a kind of database. */
function resuming({ kind, to, sql }: Place): void {
  /** A list of its own, in a table of its own name. */
  function workplace(list: string, files: Readonly<Record<string, string>> = {}) {
    const cwd = scratch(files);
    const target = to(cwd, list);
    return {
      cwd,
      target,
      run: (...args: readonly string[]) => cli([...args, '--to', target, '-q'], { cwd }),
      sql: (text: string) => sql(cwd, text),
      summary: () => JSON.parse(fs.readFileSync(path.join(cwd, 's.json'), 'utf8')) as Record<string, unknown>,
    };
  }

  it('begins, goes on with what is missing, and ends: the same command each time', async () => {
    const { cwd, run, target, sql: select, summary } = workplace('begin');
    const args = [`${url}/begin/[0-1499]`, '--resume'];
    expect(await run(...args, '--limit', '700')).toEqual(ok);
    const asked = watched();
    const { status, stderr } = await cli([...args, '--to', target, '--summary', 's.json'], { cwd });
    expect(status).toBe(0);
    expect(stderr).toMatch(/^bulkfetch: resumed after 700 of 1,500 tasks\n\n800 tasks in /);
    expect(summary()).toMatchObject({ tasks: { total: 800 }, resumed: { done: 700, failed: 0 } });
    expect(asked().length).toBe(800);
    expect(await select('select count(*) as n, count(distinct id) as m from begin_')).toEqual([
      { n: 1500, m: 1500 },
    ]);
    expect(await cli([...args, '--to', target], { cwd })).toEqual({
      ...ok,
      stderr: 'bulkfetch: resumed after 1,500 of 1,500 tasks\nbulkfetch: nothing was left to fetch\n',
    });
  });

  it('fetches again what failed, or has another URL now', async () => {
    const { run, cwd, sql: select } = workplace('failed', { 'ids.csv': 'id,n\na,1\nb,2\nc,3\n' });
    const args = ['ids.csv', '--url', `${url}/failed/{n}`, '--retry', '0', '--resume'];
    failing.set('/failed/2', 503);
    expect(await run(...args)).toEqual({ ...ok, status: 1 });
    failing.delete('/failed/2');
    fs.writeFileSync(path.join(cwd, 'ids.csv'), 'id,n\na,1\nb,2\nc,33\n');
    const asked = watched();
    expect(await run(...args)).toEqual(ok);
    expect(asked().toSorted()).toEqual(pathsOf('failed', [2, 33]));
    expect(await select('select id, status, attempts from failed_ order by id')).toEqual(
      ['a', 'b', 'c'].map((id) => ({ id, status: 200, attempts: 1 })),
    );
  });

  it('leaves failures of other causes with --retry-failed, and counts them', async () => {
    const { run, summary } = workplace('causes');
    const args = [`${url}/causes/[0-4]`, '--retry', '0', '--resume'];
    failing.set('/causes/1', 404).set('/causes/2', 503);
    expect(await run(...args)).toEqual({ ...ok, status: 1 });
    const asked = watched();
    const causes = await run(...args, '--retry-failed=status=503', '--summary', 's.json');
    expect(causes).toEqual({ ...ok, status: 1 });
    expect(asked()).toEqual(['/causes/2']);
    expect(summary()).toMatchObject({ tasks: { total: 1, failed: 1 }, resumed: { done: 4, failed: 1 } });
    failing.delete('/causes/2');
    expect(await run(...args, '--retry-failed=503')).toEqual({ ...ok, status: 1 }); // of /causes/1
    failing.delete('/causes/1');
    expect(await run(...args, '--retry-failed=all')).toEqual(ok);
    expect(asked()).toEqual(pathsOf('causes', [2, 2, 1]));
  });

  it.each([
    ['failed', [2]],
    ['older-than=24h', [0, 2]],
    ['all', [0, 1, 2, 3]],
  ])('--refetch %s', async (what, numbers) => {
    const list = `refetch_${what.slice(0, 3)}`;
    const { run, sql: select, cwd } = workplace(list);
    const args = [`${url}/${list}/[0-3]`, '--retry', '0'];
    failing.set(`/${list}/2`, 500);
    expect(await run(...args)).toEqual({ ...ok, status: 1 });
    const old = '2020-01-01T00:00:00.000Z';
    await select(`update ${list}_ set fetched_at = '${old}' where id = '0'`);
    failing.delete(`/${list}/2`);
    const asked = watched();
    expect(await run(...args, '--refetch', what, '-o', 'now.jsonl')).toEqual(ok);
    expect(asked().toSorted()).toEqual(pathsOf(list, numbers));
    const now = lines(fs.readFileSync(path.join(cwd, 'now.jsonl'), 'utf8'));
    expect(now.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual(numbers);
    const count = `select count(*) as n, sum(case when fetched_at = '${old}' then 1 else 0 end) as old from ${list}_`;
    expect((await select(count)).map((row) => JSON.stringify(row).replaceAll('"', ''))).toEqual([
      `{n:4,old:${numbers.includes(0) ? 0 : 1}}`,
    ]);
  });

  it('fetches what the table or the file lacks; a file gets no second line', async () => {
    const { run, cwd, sql: select } = workplace('both');
    const args = [`${url}/both/[0-5]`, '-o', 'out.jsonl', '--resume'];
    expect(await run(...args, '--limit', '4')).toEqual(ok);
    await select(`delete from both_ where id = '1'`);
    const file = path.join(cwd, 'out.jsonl');
    const kept = fs
      .readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => !line.startsWith('{"index":2,'));
    fs.writeFileSync(file, kept.join('\n'));
    const asked = watched();
    expect(await run(...args)).toEqual(ok);
    expect(asked().toSorted()).toEqual(pathsOf('both', [1, 2, 4, 5]));
    const indexes = lines(fs.readFileSync(file, 'utf8')).map(({ index }) => index);
    expect(indexes.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await select('select count(*) as n from both_')).toEqual([{ n: 6 }]);
  });

  it('goes on after the last page of each task, and its bodies keep their files', async () => {
    const { run, cwd, sql: select } = workplace('pages');
    const args = [`${url}/pages/[0-2]`, '--next', '$.next', '--save-dir', 'bodies', '--resume'];
    expect(await run(...args, '--max-pages', '2')).toEqual(ok);
    const asked = watched();
    expect(await run(...args)).toEqual(ok);
    expect(asked().toSorted()).toEqual(
      [0, 1, 2].flatMap((number) => [3, 4].map((page) => `/pages/${number}?page=${page}`)),
    );
    const rows = (await select('select url, page, file from pages_')) as { url: string; file: string }[];
    expect(rows).toHaveLength(12);
    for (const row of rows) {
      expect(JSON.parse(fs.readFileSync(path.join(cwd, row.file), 'utf8'))).toMatchObject({
        at: row.url.slice(url.length),
      });
    }
    expect(await run(...args)).toEqual(ok);
    expect(asked()).toHaveLength(6);
  });

  it('takes a list on standard input that comes slowly', async () => {
    const { cwd, target, run } = workplace('stdin', { 'urls.txt': `${url}/stdin/0\n` });
    await run('urls.txt');
    const asked = watched();
    const child = startCli(['-', '--to', target, '--resume', '-q'], { cwd });
    const end = ended(child);
    child.stdin.write(`${url}/stdin/0\n${url}/stdin/1\n`);
    await until(() => asked().length === 1);
    child.stdin.end(`${url}/stdin/2\n`);
    expect(await end).toEqual(ok);
    expect(asked()).toEqual(pathsOf('stdin', [1, 2]));
  });

  it('ends at Ctrl-C, and goes on later', async () => {
    const { cwd, target, run, sql: select } = workplace('signal');
    const args = [`${url}/signal/[0-19999]`, '--to', target, '--resume', '-q', '--rate', '2000/s'];
    const asked = watched();
    const child = startCli(args, { cwd });
    const end = ended(child);
    await until(() => asked().length > 100);
    child.kill('SIGINT');
    expect((await end).status).toBe(130);
    const before = asked().length;
    expect(await select('select count(*) as n from signal_')).toEqual([{ n: before }]);
    expect(await run(args[0]!, '--resume', '--limit', String(before + 10))).toEqual(ok);
    expect(asked().length).toBe(before + 10);
  });

  describe('what may not be sent twice', () => {
    it('is marked before it is sent, and not sent again', async () => {
      const { cwd, target, run, sql: select, summary } = workplace('posts');
      const args = [`${url}/posts/[0-9]`, '-d', 'x', '--resume'];
      hanging.add('/posts/3').add('/posts/7');
      const asked = watched();
      const child = startCli([...args, '--to', target, '-q'], { cwd });
      const answered = async () => (await select(`select id from posts_ where ok`)).length === 8;
      await until(() => asked().length === 10);
      while (!(await answered()));
      child.kill('SIGKILL');
      await ended(child);
      hanging.clear();
      const marked = { attempts: 0, error_kind: 'aborted', error_code: 'MAYBE_SENT', status: null };
      const columns = 'id, attempts, error_kind, error_code, status';
      const failures = `select ${columns} from posts_ where not ok order by id`;
      expect(await select(failures)).toEqual([
        { id: '3', ...marked },
        { id: '7', ...marked },
      ]);

      const again = await cli([...args, '--to', target, '--summary', 's.json'], { cwd });
      expect(again.status).toBe(1);
      expect(again.stderr).toBe(
        'bulkfetch: resumed after 10 of 10 tasks, 2 of them failed, 2 may have been sent, and are not sent again\n' +
          'bulkfetch: nothing was left to fetch\n',
      );
      expect(summary()).toMatchObject({ resumed: { done: 10, failed: 2 } });
      expect(await run(...args, '--retry-failed')).toEqual({ ...ok, status: 1 });
      // A file beside the table has a record of them all the same.
      expect(await run(...args, '-o', 'out.jsonl')).toEqual({ ...ok, status: 1 });
      const records = lines(fs.readFileSync(path.join(cwd, 'out.jsonl'), 'utf8'));
      expect(records.filter((one) => one.error?.code === 'MAYBE_SENT').map(({ id }) => id)).toEqual([
        '3',
        '7',
      ]);
      expect(await select(failures)).toHaveLength(2);

      const before = asked().length;
      expect(await run(...args, '--resend-unknown')).toEqual(ok);
      expect(asked().slice(before).toSorted()).toEqual(pathsOf('posts', [3, 7]));
      expect(await select(failures)).toEqual([]);
    });

    it('leaves the answer that is there in place until there is another', async () => {
      const { cwd, target, run, sql: select } = workplace('again');
      const args = [`${url}/again/0`, '-d', 'x'];
      expect(await run(...args)).toEqual(ok);
      hanging.add('/again/0');
      const asked = watched();
      const child = startCli([...args, '--to', target, '-q', '--refetch', 'all'], { cwd });
      await until(() => asked().length === 1);
      child.kill('SIGKILL');
      await ended(child);
      hanging.clear();
      const state = 'select error_code, body is not null as kept from again_';
      const found = (await select(state)) as { error_code: string; kept: unknown }[];
      expect(found.map(({ error_code: code, kept }) => [code, Number(kept)])).toEqual([['MAYBE_SENT', 1]]);
      expect(await run(...args, '--refetch', 'older-than=0s')).toEqual({ ...ok, status: 1 });
      expect(asked()).toHaveLength(1);
    });

    it('ends the run before the request when it cannot be marked', async () => {
      const { cwd, target, sql: select, run } = workplace('unmarked');
      await run(`${url}/unmarked/0`);
      hanging.add('/unmarked/1');
      await select('drop table unmarked_');
      await select('create table unmarked_ as select 1 as x');
      const asked = watched();
      const { status, stderr } = await cli([`${url}/unmarked/1`, '-d', 'x', '--to', target, '-q'], { cwd });
      expect([status, asked()]).toEqual([2, []]);
      expect(stderr).toContain('is no table of results');
      hanging.clear();
    });
  });

  it('has each task once after kill -9 at random moments', { timeout: 60_000 }, async () => {
    const tasks = 1500;
    const { cwd, target, run, sql: select } = workplace('killed');
    const args = [
      `${url}/${kind}-killed/[1-${tasks}]`,
      '--resume',
      '-c',
      '8',
      '--queue-size',
      '50',
      '--db-batch',
      '10',
    ];
    const random = mulberry32(7);
    const kills = 6;
    for (let kill = 0; kill < kills; kill++) {
      const asked = watched();
      const child = startCli([...args, '--to', target, '-q'], { cwd });
      const end = ended(child);
      const moment = 1 + Math.floor(random() * 150);
      await until(() => asked().length >= moment || child.exitCode !== null, { timeoutMs: 20_000 });
      child.kill('SIGKILL');
      expect(await end).toEqual({ status: null, stdout: '', stderr: '' });
    }
    expect(await run(...args)).toEqual(ok);
    expect(await select('select count(*) as n, count(distinct id) as m from killed_')).toEqual([
      { n: tasks, m: tasks },
    ]);
    const hits = Array.from({ length: tasks }, (_, at) => server.hits(`/${kind}-killed/${at + 1}`));
    expect(hits.every((times) => times >= 1)).toBe(true);
    // Twice is fetched only what was in flight, or not committed yet: a window of rows at the most.
    const twice = hits.reduce((all, times) => all + times - 1, 0);
    expect(twice).toBeLessThanOrEqual(kills * 200);
    const asked = watched();
    expect(await run(...args)).toEqual(ok);
    expect(asked()).toEqual([]);
  });

  it('of POSTs that are killed, none comes twice and each has its row', { timeout: 60_000 }, async () => {
    const tasks = 400;
    const { cwd, target, run, sql: select } = workplace('killed_posts');
    const args = [`${url}/${kind}-posts/[0-${tasks - 1}]`, '-d', 'x', '--resume', '-c', '8'];
    const random = mulberry32(3);
    for (let kill = 0; kill < 10; kill++) {
      const asked = watched();
      const child = startCli([...args, '--to', target, '-q'], { cwd });
      const end = ended(child);
      const moment = 1 + Math.floor(random() * 30);
      await until(() => asked().length >= moment || child.exitCode !== null, { timeoutMs: 20_000 });
      child.kill('SIGKILL');
      await end;
    }
    await run(...args);
    const select1 = `select url, error_code from killed_posts_ order by "index"`;
    const rows = (await select(select1)) as { url: string; error_code: string | null }[];
    expect(rows).toHaveLength(tasks);
    const lost = rows.filter((row) => row.error_code === 'MAYBE_SENT');
    expect(lost.length).toBeGreaterThan(0); // else no kill has come between a request and its row
    const wrong = rows.filter((row) => {
      const times = server.hits(new URL(row.url).pathname);
      return row.error_code === null ? times !== 1 : row.error_code !== 'MAYBE_SENT' || times > 1;
    });
    expect(wrong).toEqual([]);
  });

  describe('a table of the user', () => {
    it('has done what has a row', async () => {
      const { cwd, run, sql: select } = workplace('own');
      await run(`${url}/own/0`, '--limit', '1'); // makes the database
      await select('create table own_names (id integer primary key, at text, code text)');
      const columns = ['--to-table', 'own_names', '--to-columns', 'id,at=body.at,code=error.code'];
      const args = [`${url}/own/[0-4]`, '--retry', '0', '--resume', '-q', ...columns];
      const toOwn = to(cwd, '').replace(/\?table=.*/, '');
      failing.set('/own/2', 404);
      expect(await cli([...args, '--to', toOwn, '--limit', '3'], { cwd })).toEqual({ ...ok, status: 1 });
      failing.clear();
      const asked = watched();
      expect(await cli([...args, '--to', toOwn], { cwd })).toEqual(ok);
      expect(asked().toSorted()).toEqual(pathsOf('own', [2, 3, 4]));
      expect(await select('select at, code from own_names order by id')).toEqual(
        pathsOf('own', [0, 1, 2, 3, 4]).map((at) => ({ at, code: null })),
      );
      // There is no room for marks.
      const posts = await cli([...args, '--to', toOwn, '-d', 'x', '--refetch', 'failed'], { cwd });
      expect(posts).toEqual({ ...ok, stderr: '' }); // nothing is left to send
      await select('delete from own_names where id > 2');
      const refused = await cli([...args, '--to', toOwn, '-d', 'x'], { cwd });
      expect([refused.status, asked().length]).toEqual([2, 3]);
      expect(refused.stderr).toContain('--to-columns: table own_names of ');
      expect(refused.stderr).toContain(
        'cannot note which requests were sent that may not be sent twice: give -o FILE too',
      );
      expect(await cli([...args, '--to', toOwn, '-d', 'x', '-o', 'out.jsonl'], { cwd })).toEqual(ok);
    });
  });
}

describe('SQLite', () => {
  resuming({
    kind: 'sqlite',
    to: (cwd, table) => `sqlite:${path.join(cwd, 'results.db')}?table=${table}_`,
    sql: (cwd, text) => {
      const database = new DatabaseSync(path.join(cwd, 'results.db'), { timeout: 5000 });
      try {
        return Promise.resolve(
          database
            .prepare(text)
            .all()
            .map((row) => ({ ...row })),
        );
      } finally {
        database.close();
      }
    },
  });
});

describePostgres('PostgreSQL', (database) => {
  resuming({
    kind: 'postgres',
    to: (_, table) => `${database.url}?table=${table}_`,
    // Counts are bigints there, which come as texts.
    sql: async (_, text) =>
      (await database.sql(text)).map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([name, value]) => [
            name,
            typeof value === 'string' && /^(?:n|m|old|status|attempts)$/.test(name) ? Number(value) : value,
          ]),
        ),
      ),
  });
});

describe('what cannot be gone on with, exit 2', () => {
  const form = 'must be failed, all, or older-than=TIME, as in older-than=24h';
  const toFile = ['--to', 'sqlite:results.db'];

  it.each<[readonly string[], string]>([
    [
      ['--resume'],
      '--resume needs an output that is a file or a database, as in -o out.jsonl or --to sqlite:results.db',
    ],
    [['--refetch', 'some', ...toFile], `--refetch: ${form}, not "some"`],
    [['--refetch', 'older-than=soon', ...toFile], `--refetch: ${form}, not "older-than=soon"`],
    [
      ['--refetch', 'all'],
      '--refetch is for going on with a table: give --to too, as in --to sqlite:results.db',
    ],
    [
      ['--refetch', 'failed', '--resume', '--retry-failed=timeout', ...toFile],
      '--refetch and --retry-failed both say what is fetched again: give one of them',
    ],
    [
      ['--refetch', 'failed', '--resume', '-o', 'out.jsonl', ...toFile],
      '--refetch is for tables, and out.jsonl is a file, which has a task once: without --resume it is made anew, with what is fetched now',
    ],
    [['--retry-failed=all', ...toFile], '--retry-failed is for going on with a run: give --resume too'],
    [['--resend-unknown', ...toFile], '--resend-unknown is for going on with a run: give --resume too'],
    [
      ['--resume', '--to-columns', 'name=body.name', ...toFile],
      '--to-columns: --resume needs id among them, as in id=id',
    ],
    [
      ['--refetch', 'older-than=1d', '--to-columns', 'id,name=body.name,status', ...toFile],
      '--to-columns: --refetch needs startedAt among them, as in startedAt=startedAt',
    ],
    [
      ['--resume', '--to-columns', 'id,attempts', ...toFile],
      '--to-columns: --resume needs ok among them, as in ok=ok',
    ],
    [
      ['--resume', '--retry-failed=timeout', '--to-columns', 'id,ok', ...toFile],
      '--to-columns: --resume needs status, error.kind, error.code among them, as in status=status,kind=error.kind,code=error.code',
    ],
    [
      ['--resume', '--next', 'link', '--to-columns', 'id,url,page', ...toFile],
      '--to-columns: --resume needs next among them, as in next=next',
    ],
  ])('%j', async (args, said) => {
    const cwd = scratch();
    expect(await cli(['http://127.0.0.1:1/', ...args], { cwd })).toEqual({
      status: 2,
      stdout: '',
      stderr: `bulkfetch: ${said}\n`,
    });
    expect(fs.readdirSync(cwd)).toEqual([]);
  });

  it('a key by which rows are not found', async () => {
    const cwd = scratch();
    const database = new DatabaseSync(path.join(cwd, 'results.db'));
    database.exec('create table results (id text, url text, primary key (id, url))');
    database.close();
    const args = ['http://127.0.0.1:1/', '--resume', '--to-columns', 'id,url', ...toFile];
    expect(await cli(args, { cwd })).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'bulkfetch: --to-columns: --resume needs a primary key or unique index of id, by which rows are found; table results of results.db has one of id, url\n',
    });
  });
});
