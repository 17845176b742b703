import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { createLatch } from '../servers/latch.ts';
import { describePostgres } from '../servers/postgres.ts';
import { scriptedServer } from '../servers/scripted.ts';
import { until } from '../servers/until.ts';
import { cli, ended, lines, shell, startCli } from './cli.ts';
import { scratch } from './scratch.ts';

const json = { 'content-type': 'application/json' };
const server = await scriptedServer({
  '*': ({ target }) => ({ headers: json, body: `{"name":"user ${target.slice(1)}","tags":["a"]}` }),
  '/missing': { status: 404, headers: json, body: '{"name":"none"}' },
  '/long': { headers: json, body: '{"name":"much too long"}' },
});
const { url } = server;
afterAll(() => server.close());

describe('--to', () => {
  it('writes rows instead of lines, and tells of them', async () => {
    const cwd = scratch();
    const args = [`${url}/[1-1000]`, '--to', 'sqlite:results.db', '--summary', 'summary.json'];
    const { status, stdout, stderr } = await cli(args, { cwd });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(stderr).toMatch(/^database {3}results\.db: 1,000 rows in \d+ batches$/m);
    expect(JSON.parse(readFileSync(path.join(cwd, 'summary.json'), 'utf8'))).toMatchObject({
      databases: [{ name: 'results.db', rowsWritten: 1000, rowsRead: 0, reconnects: 0 }],
    });
    const found = select(
      cwd,
      `select count(*) as n, sum(json_extract(body, '$.name') = 'user ' || (id + 1)) as named from results`,
    );
    expect(found).toEqual([{ n: 1000, named: 1000 }]);
  });

  it('replaces the rows of an earlier run', async () => {
    const cwd = scratch();
    for (let run = 0; run < 2; run++) {
      const { status } = await cli([`${url}/[1-20]`, `${url}/missing`, '--to', 'sqlite:results.db', '-q'], {
        cwd,
      });
      expect(status).toBe(1);
    }
    expect(select(cwd, 'select count(*) as n, count(distinct fetched_at >= 0) as m from results')).toEqual([
      { n: 21, m: 1 },
    ]);
  });

  it('goes with outputs, other tables and other databases', async () => {
    const cwd = scratch();
    const { status, stdout } = await cli(
      [
        `${url}/[1-300]`,
        '-o',
        '-',
        '-o',
        'out.jsonl.gz',
        '--fields',
        'index',

        '--to',
        'sqlite:results.db',
        '--to',
        'sqlite:other.db?table=mine',
        '--to',
        'sqlite:results.db?table=more',
        '-q',
      ],
      { cwd },
    );
    expect(status).toBe(0);
    expect(lines(stdout)).toHaveLength(300);
    expect(existsSync(path.join(cwd, 'out.jsonl.gz'))).toBe(true);
    expect(
      select(cwd, 'select (select count(*) from results) as a, (select count(*) from more) as b'),
    ).toEqual([{ a: 300, b: 300 }]);
    expect(select(cwd, 'select count(*) as n from mine', 'other.db')).toEqual([{ n: 300 }]);
  });

  it('has all rows when the reader of the lines goes away', async () => {
    const cwd = scratch();
    const { status } = await shell(
      `set -o pipefail; bulkfetch ${url}/[1-500] -o - --to sqlite:results.db -q | head -3`,
      { cwd },
    );
    expect(status).toBe(0);
    expect(select(cwd, 'select count(*) as n from results')).toEqual([{ n: 500 }]);
  });

  it('writes into the database whose rows are read', async () => {
    const cwd = scratch();
    change(
      cwd,
      `create table users (id integer primary key, note text);
      with recursive n(id) as (select 1 union all select id + 1 from n where id < 700)
      insert into users select id, 'x' from n`,
    );
    const { status, stderr } = await cli(
      [
        '--from',
        'sqlite:results.db',
        '--query',
        'select id from users',
        '--url',
        `${url}/{id}`,
        '--to',
        'sqlite:results.db',
        '-q',
      ],
      { cwd },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(select(cwd, 'select count(*) as n from users join results using (id)')).toEqual([{ n: 700 }]);
  });

  it('says where saved bodies are', async () => {
    const cwd = scratch();
    const { status, stderr } = await cli(
      [`${url}/1`, '--to', 'sqlite:results.db', '--save-dir', 'bodies', '-q'],
      { cwd },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(select(cwd, 'select file, body, error_code from results')).toEqual([
      { file: 'bodies/0.json', body: null, error_code: null },
    ]);
  });

  it('has each answer of a slow run at once', async () => {
    const second = createLatch();
    await using slow = await scriptedServer({
      '/1': { body: 'one' },
      '/2': async () => {
        await second.opened;
        return { body: 'two' };
      },
    });
    const cwd = scratch();
    const end = ended(startCli([`${slow.url}/[1-2]`, '--to', 'sqlite:results.db', '-q'], { cwd }));
    await until(() => countIn(cwd) === 1);
    second.open();
    expect((await end).status).toBe(0);
    expect(countIn(cwd)).toBe(2);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('has what was in flight at a %s', async (signal) => {
    const release = createLatch();
    await using held = await scriptedServer({
      '*': async () => {
        await release.opened;
        return { body: 'ok' };
      },
    });
    const cwd = scratch();
    const child = startCli([`${held.url}/[1-100]`, '-c', '5', '--to', 'sqlite:results.db'], { cwd });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
    const end = ended(child);
    await until(() => held.flights.now === 5);
    child.kill(signal);
    await until(() => said.includes('once more to stop at once'));
    release.open();
    expect((await end).status).toBe(signal === 'SIGINT' ? 130 : 143);
    expect(select(cwd, 'select count(*) as n from results')).toEqual([{ n: 5 }]);
  });
});

describe('--to-columns', () => {
  const users = 'create table users (id text primary key, name text check (length(name) < 10), tags text)';
  const into = [
    '--to',
    'sqlite:results.db',
    '--to-table',
    'users',
    '--to-columns',
    'id,name=body.name,tags=body.tags',
  ];

  it('writes into a table of the user, and tells whose rows are not there', async () => {
    const cwd = scratch();
    change(cwd, `${users}; insert into users values ('2', 'kept', '')`);
    const { status, stderr } = await cli([`${url}/[1-2]`, `${url}/missing`, ...into], { cwd });
    expect(status).toBe(1);
    expect(stderr).toContain(
      'bulkfetch: table users of results.db has no row of 1 record of tasks that failed\n',
    );
    expect(select(cwd, 'select * from users order by id')).toEqual([
      { id: '0', name: 'user 1', tags: '["a"]' },
      { id: '1', name: 'user 2', tags: '["a"]' },
      { id: '2', name: 'kept', tags: '' },
    ]);
  });

  it('names each row that the table refuses, stores the others, and ends with 3', async () => {
    const cwd = scratch();
    change(cwd, users);
    const args = [`${url}/[1-5]`, `${url}/long`, `${url}/[6-9]`, ...into];
    const { status, stderr } = await cli([...args, '-q', '--summary', 'summary.json'], { cwd });
    expect({ status, stderr }).toEqual({
      status: 3,
      stderr: `bulkfetch: table users of results.db: the row of id 5 is not stored: CHECK constraint failed: length(name) < 10
bulkfetch: not stored: 1 row of table users of results.db; each is named above
`,
    });
    expect(select(cwd, 'select count(*) as n from users')).toEqual([{ n: 9 }]);
    expect(JSON.parse(readFileSync(path.join(cwd, 'summary.json'), 'utf8'))).toMatchObject({
      tasks: { ok: 10 },
      databases: [{ rowsWritten: 9 }],
    });
  });
});

describe('a database that cannot be written into', () => {
  it.each<[string, readonly string[], number, string]>([
    [
      'no spec',
      ['--to', 'results.db'],
      2,
      '--to: must be sqlite:FILE or postgres://USER@HOST/NAME, not "results.db"',
    ],
    ['no file', ['--to', 'sqlite:'], 2, '--to: "sqlite:" names no file, as in sqlite:results.db'],
    [
      'two tables',
      ['--to', 'sqlite:a.db?table=a', '--to-table', 'b'],
      2,
      '--to names the table "a", and --to-table "b"',
    ],
    [
      'the same twice',
      ['--to', 'sqlite:a.db', '--to', 'sqlite:a.db'],
      2,
      '--to names the table results of one database twice',
    ],
    ['an output', ['-o', 'sqlite:a.db'], 2, '--output: sqlite:a.db is a database: give it with --to'],
    [
      'an output file',
      ['-o', 'a.db', '--to', 'sqlite:./a.db'],
      2,
      '--output a.db and --to ./a.db are the same file',
    ],
    [
      'a table alone',
      ['--to-table', 'a'],
      2,
      '--to-table is for a database that records go to: give --to too',
    ],
    [
      'columns alone',
      ['--to-columns', 'id'],
      2,
      '--to-columns is for a database that records go to: give --to too',
    ],
    ['text', ['--to', 'sqlite:notes.txt'], 3, 'cannot write to sqlite:notes.txt: it is no SQLite database'],
    [
      'no server',
      ['--to', 'postgres://ann:s3cr3t@127.0.0.1:1/app'],
      3,
      'cannot write to postgres://127.0.0.1:1/app: connect ECONNREFUSED 127.0.0.1:1',
    ],
  ])('is one line: %s', async (_, args, status, message) => {
    const cwd = scratch({ 'notes.txt': 'no database '.repeat(100) });
    const before = server.received.length;
    const result = await cli([`${url}/1`, ...args], { cwd });
    expect(result).toEqual({ status, stdout: '', stderr: `bulkfetch: ${message}\n` });
    expect(server.received.length).toBe(before);
  });

  it('leaves the other outputs as they were', async () => {
    const cwd = scratch({ 'out.jsonl': 'of yesterday\n', 'notes.txt': 'no database '.repeat(100) });
    const { status } = await cli([`${url}/1`, '-o', 'out.jsonl', '--to', 'sqlite:notes.txt'], { cwd });
    expect(status).toBe(3);
    expect(readFileSync(path.join(cwd, 'out.jsonl'), 'utf8')).toBe('of yesterday\n');
  });

  it('is not an input', async () => {
    const cwd = scratch({ 'urls.txt': `${url}/1\n` });
    const { stderr } = await cli(['urls.txt', '--to', 'sqlite:urls.txt'], { cwd });
    expect(stderr).toBe('bulkfetch: --to: urls.txt is also an input; writing would destroy it\n');
  });

  it.skipIf(process.platform !== 'linux')(
    'ends the run when the disk is full, and keeps what is there',
    async () => {
      const cwd = scratch();
      const { status, stderr } = await shell(
        `ulimit -f 200; bulkfetch ${url}/[1-5000] --to sqlite:results.db --db-batch 50 -q`,
        { cwd },
      );
      expect(status).toBe(3);
      expect(stderr).toMatch(
        /^bulkfetch: cannot write table results of results\.db: .+; what was committed stays there, and --resume goes on from it\n$/,
      );
      expect(select(cwd, 'pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
      expect(Number(select(cwd, 'select count(*) as n from results')[0]?.['n'])).toBeGreaterThan(0);
    },
  );
});

describe('a database that is locked by another', () => {
  it('is waited for', async () => {
    await using run = await startLocked([]);
    await until(() => run.said().includes(locked));
    run.other.exec('commit');
    const { status, stderr } = await run.end;
    expect(status).toBe(0);
    expect(stderr).toMatch(/^bulkfetch: results\.db: back after \d+\.\d s$/m);
    expect(stderr).toMatch(/^database {3}results\.db: 50 rows in \d+ batch(?:es)? · away once, for /m);
    expect(select(run.cwd, 'select count(*) as n from results')).toEqual([{ n: 50 }]);
  });

  it('is not waited for longer than --db-timeout', async () => {
    await using run = await startLocked(['--db-timeout', '100ms', '-q']);
    const { status, stderr } = await run.end;
    expect({ status, stderr }).toEqual({
      status: 3,
      stderr: `${locked}bulkfetch: results.db stayed away: it is locked by another process; what was committed stays there, and --resume goes on from it
`,
    });
    run.other.exec('commit');
    expect(select(run.cwd, 'select id from results')).toEqual([{ id: '0' }]);
  });

  it('is an error at once at the very start', async () => {
    const cwd = scratch();
    change(cwd, 'create table t (a)');
    const other = new DatabaseSync(path.join(cwd, 'results.db'));
    other.exec('begin immediate');
    const { status, stderr } = await cli([`${url}/1`, '--to', 'sqlite:results.db'], { cwd });
    other.close();
    expect({ status, stderr }).toEqual({
      status: 3,
      stderr: 'bulkfetch: cannot write to sqlite:results.db: it is locked by another process\n',
    });
  });

  const locked = 'bulkfetch: results.db: it is locked by another process; trying again\n';

  /** A run of 50 tasks that has stored one row when another connection locks its database. */
  async function startLocked(args: readonly string[]) {
    const release = createLatch();
    const server = await scriptedServer({
      '*': async () => {
        await release.opened;
        return { body: 'ok' };
      },
      '/1': { body: 'ok' },
    });
    const cwd = scratch();
    const child = startCli(
      [`${server.url}/[1-50]`, '--to', 'sqlite:results.db', '--retry-delay', '10ms', ...args],
      { cwd },
    );
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
    const end = ended(child);
    await until(() => countIn(cwd) === 1);
    const other = new DatabaseSync(path.join(cwd, 'results.db'));
    other.exec('begin immediate');
    release.open();
    return {
      cwd,
      end,
      other,
      said: () => said,
      async [Symbol.asyncDispose]() {
        other.close();
        await server.close();
      },
    };
  }
});

describePostgres('PostgreSQL', (database) => {
  it('has a row for each record, through connections that are cut in the middle', async () => {
    let cuts = 0;
    await using cutting = await scriptedServer({
      '*': async ({ target }) => {
        if (target.endsWith('00')) {
          cuts += await database.terminate();
        }
        return { headers: json, body: `{"target":"${target}","odd":"\\u0000"}` };
      },
    });
    const { status, stdout, stderr } = await cli([
      `${cutting.url}/[1-1000]`,
      '--to',
      `${database.url}?table=cut`,
      '--db-batch',
      '20',
      '--retry-delay',
      '10ms',
    ]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(cuts).toBeGreaterThan(0);
    expect(stderr).toMatch(/; trying again\n/);
    expect(stderr).toMatch(/^database .+: 1,000 rows in \d+ batches .*· away /m);
    const [row] = await database.sql(
      `select count(*)::int as n, count(distinct id)::int as ids, count(*) filter (where body_encoding = 'base64:json')::int as encoded from cut`,
    );
    expect(row).toEqual({ n: 1000, ids: 1000, encoded: 1000 });
  });

  it('ends the run when the table goes in the middle', async () => {
    await using dropping = await scriptedServer({
      '*': { body: 'ok' },
      '/300': async () => {
        await database.sql('drop table dropped');
        return { body: 'ok' };
      },
    });
    const { status, stderr } = await cli([
      `${dropping.url}/[1-1000]`,
      '--to',
      database.url,
      '--to-table',
      'dropped',
      '-c',
      '5',
      '-q',
    ]);
    expect(status).toBe(3);
    expect(stderr).toContain('cannot write table dropped of postgres://');
    expect(stderr).toContain('--resume goes on from it\n');
  });

  it('takes the password from the environment, and never shows it', async () => {
    const to = new URL(database.url);
    to.password = 'PASSWORD';
    const { status, stderr } = await cli(
      [`${url}/1`, '--to', to.href.replace('PASSWORD', '${PW}'), '--to-table', 'secret'],
      {
        env: { PW: 's3cr3t' },
      },
    );
    expect(status).toBe(0);
    expect(stderr).not.toContain('s3cr3t');
  });
});

function select(cwd: string, sql: string, name = 'results.db'): Record<string, unknown>[] {
  const database = new DatabaseSync(path.join(cwd, name));
  try {
    return database
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }));
  } finally {
    database.close();
  }
}

/** How many rows the table of results has; undefined before it is there. */
function countIn(cwd: string): unknown {
  try {
    return select(cwd, 'select count(*) as n from results')[0]?.['n'];
  } catch {
    return undefined;
  }
}

function change(cwd: string, sql: string): void {
  const database = new DatabaseSync(path.join(cwd, 'results.db'));
  database.exec(sql);
  database.close();
}
