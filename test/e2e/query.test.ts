import { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, ended, lines, shell, start } from './cli.ts';
import { scratch } from './scratch.ts';
import { startOnTerminal } from './terminal.ts';

/** A folder with `results.db`, in which these statements have been run. */
function withDatabase(sql: string, files: Readonly<Record<string, string>> = {}): string {
  const cwd = scratch(files);
  const database = new DatabaseSync(path.join(cwd, 'results.db'));
  database.exec(sql);
  database.close();
  return cwd;
}

const three = `
  create table results (id text primary key, status integer, ok boolean, body json);
  insert into results values
    ('1', 200, true, '{"name":"Ada","big":12345678901234567890}'), ('2', 404, false, null), ('3', 200, true, '[1.50]');
  create view failed as select id from results where not ok;
`;

/** `count` rows, with bodies of a kilobyte. */
const many = (count: number) => `
  create table results as
    with recursive n(id) as (select 1 union all select id + 1 from n where id < ${count})
    select id, printf('%01000d', id) as body from n`;

const inTime = / in [\d.]+ (?:ms|s)\n$/;

async function query(cwd: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = await cli(['query', 'results.db', ...args], { cwd });
  return { status, stdout, stderr: stderr.replace(inTime, ' in TIME\n') };
}

describe('bulkfetch query', () => {
  it('shows the answer as a table, and on standard error how many rows it has', async () => {
    const sql = 'select status, count(*) as tasks, max(ok) as ok from results group by status';
    expect(await query(withDatabase(three), sql)).toEqual({
      status: 0,
      stdout: ['status  tasks  ok', '──────  ─────  ──', '   200      2   1', '   404      1   0', ''].join(
        '\n',
      ),
      stderr: '2 rows in TIME\n',
    });
  });

  it.each([
    [
      'json',
      '[\n{"id":"1","body":{"name":"Ada","big":12345678901234567890}},\n{"id":"2","body":null},\n{"id":"3","body":[1.50]}\n]\n',
    ],
    [
      'jsonl',
      '{"id":"1","body":{"name":"Ada","big":12345678901234567890}}\n{"id":"2","body":null}\n{"id":"3","body":[1.50]}\n',
    ],
    ['csv', 'id,body\n1,"{""name"":""Ada"",""big"":12345678901234567890}"\n2,\n3,[1.50]\n'],
  ])('shows it as %s', async (format, stdout) => {
    const answer = await query(
      withDatabase(three),
      'select id, body from results order by id',
      '--format',
      format,
    );
    expect(answer).toEqual({ status: 0, stdout, stderr: '3 rows in TIME\n' });
  });

  it('binds --param', async () => {
    const sql = 'select id from results where status = $1 and id > $2';
    const { stdout } = await query(
      withDatabase(three),
      sql,
      '--format',
      'csv',
      '--param',
      '200',
      '--param',
      '1',
    );
    expect(stdout).toBe('id\n3\n');
  });

  it('takes the query from a file or standard input, and the path as a spec', async () => {
    const cwd = withDatabase(three, { 'count.sql': '-- how many\nselect count(*) as n\nfrom results;\n' });
    const stdout = 'n\n─\n3\n';
    expect(await query(cwd, '@count.sql')).toMatchObject({ status: 0, stdout });
    const piped = { cwd, stdin: 'select count(*) as n from results' };
    expect(await cli(['query', 'sqlite:results.db', '-'], piped)).toMatchObject({ status: 0, stdout });
  });

  it('lists tables without a query', async () => {
    expect(await query(withDatabase(three))).toEqual({
      status: 0,
      stdout: [
        'failed: a view',
        '  id  TEXT',
        'results: 3 rows',
        '  id      TEXT',
        '  status  INTEGER',
        '  ok      boolean',
        '  body    json',
        '',
      ].join('\n'),
      stderr: '2 tables\n',
    });
  });

  it('lists tables for programs, whatever they are called', async () => {
    const odd = `create table "a ""b" (x); create view broken as select * from gone; create table "order" (y integer)`;
    const { status, stdout } = await query(withDatabase(odd), '--format', 'csv');
    expect(status).toBe(0);
    expect(stdout).toBe('table,rows,column,type\n"""a """"b""",0,x,""\norder,0,y,INTEGER\n');
  });

  it.each([
    ['selct 1', ['near "selct": syntax error', '  selct 1', '  ^']],
    ['select id,\n  nope from results', ['no such column: nope', '    nope from results', '    ^']],
    ['select 1; select 2', ['it is more than one statement']],
    ['select $1', ['it has a place for 1 value, and is given 0']],
    [' ', ['the query is empty']],
    [
      '@nowhere.sql',
      ["cannot read the query in nowhere.sql: ENOENT: no such file or directory, open 'nowhere.sql'"],
    ],
  ])('says what is wrong with %j', async (sql, text) => {
    expect(await query(withDatabase(three), sql)).toEqual({
      status: 2,
      stdout: '',
      stderr: text.map((line) => `bulkfetch: ${line}\n`).join(''),
    });
  });

  it.each([
    'delete from results',
    'update results set ok = true returning id',
    'create table other (a)',
    'vacuum',
    "attach 'other.db' as other",
  ])('refuses to change anything: %s', async (sql) => {
    const cwd = withDatabase(three);
    const { status, stdout, stderr } = await query(cwd, sql);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^bulkfetch: .*\n$/);
    expect((await query(cwd, 'select count(*) as n from results where ok', '--format', 'csv')).stdout).toBe(
      'n\n2\n',
    );
  });

  it.each([
    ['nowhere.db', 'cannot open nowhere.db: there is no such file'],
    ['notes.txt', 'cannot open notes.txt: it is no SQLite database'],
    [
      'mysql://ann:s3cr3t@db/app',
      'the database must be a SQLite file, sqlite:FILE or postgres://USER@HOST/NAME',
    ],
  ])('says what is no database: %s', async (database, text) => {
    const cwd = scratch({ 'notes.txt': 'nothing but notes, and more of them than a header has\n'.repeat(9) });
    const { status, stdout, stderr } = await cli(['query', database, 'select 1'], { cwd });
    expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: `bulkfetch: ${text}\n` });
  });

  it('refuses a wrong --limit', async () => {
    const { status, stderr } = await query(withDatabase(three), 'select 1', '--limit', '0');
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'bulkfetch: --limit: must be a whole number of at least 1, not "0"\n',
    });
  });

  it('shows a thousand rows in a table and says that there are more; other forms have all', async () => {
    const cwd = withDatabase(many(2_500));
    const first = await query(cwd, 'select id from results');
    expect(first.stdout.split('\n').length).toBe(2 + 1_000 + 1);
    expect(first.stderr).toBe('the first 1,000 rows (--limit: more) in TIME\n');
    const more = await query(cwd, 'select id from results', '--limit', '2500');
    expect(more.stdout.trimEnd().split('\n').at(-1)).toBe('2500');
    expect(more.stderr).toBe('2,500 rows in TIME\n');
    const all = await query(cwd, 'select id from results', '--format', 'jsonl');
    expect(lines(all.stdout).map(({ id }) => id)).toEqual(Array.from({ length: 2_500 }, (_, at) => at + 1));
    const few = await query(cwd, 'select id from results', '--format', 'csv', '--limit', '3');
    expect(few).toEqual({
      status: 0,
      stdout: 'id\n1\n2\n3\n',
      stderr: 'the first 3 rows (--limit: more) in TIME\n',
    });
  });

  it('takes little memory for many rows', async () => {
    const cwd = withDatabase(many(75_000));
    const sql = 'select * from results';
    const env = { NODE_OPTIONS: '--max-old-space-size=32' };
    const { status, stdout } = await shell(
      `bulkfetch query results.db ${JSON.stringify(sql)} --format jsonl 2> errors | wc -l; exit \${PIPESTATUS[0]}`,
      { cwd, env },
    );
    expect({ status, rows: Number(stdout) }).toEqual({ status: 0, rows: 75_000 });
  }, 60_000);

  it('ends quietly when nobody reads on', async () => {
    const line =
      'bulkfetch query results.db "select * from results" --format jsonl | head -1 | wc -l; exit ${PIPESTATUS[0]}';
    const { status, stdout, stderr } = await shell(line, { cwd: withDatabase(many(20_000)) });
    expect({ status, stdout: stdout.trim() }).toEqual({ status: 0, stdout: '1' });
    expect(stderr).toMatch(/^(?:20,000 rows in [\d.]+ \w+\n)?$/);
  });

  it('reads what another process is writing', async () => {
    const cwd = withDatabase(`pragma journal_mode = wal; ${three}`);
    const writer = start(process.execPath, ['--no-warnings', '-e', writing], { cwd });
    await new Promise((resolve) => writer.stdout.once('data', resolve));
    expect(await query(cwd, 'select count(*) as n from results', '--format', 'csv')).toMatchObject({
      status: 0,
      stdout: 'n\n3\n',
    });
  });

  it('keeps to the width of a terminal, with colours, and shows columns below each other where they are many', async () => {
    const cwd = withDatabase(
      `create table results (id, name, body); insert into results values (1, null, '${'x'.repeat(500)}')`,
    );
    const wide = await ended(
      startOnTerminal(['query', 'results.db', 'select * from results'], '', { cwd, env: { NO_COLOR: '' } }),
    );
    const rows = wide.stdout.split('\r\n');
    expect(rows[0]).toBe(
      `\u001b[1mid\u001b[22m  \u001b[1mname\u001b[22m  \u001b[1m${'body'.padEnd(90)}\u001b[22m`,
    );
    expect(rows[2]).toBe(` 1  \u001b[2mnull\u001b[22m  ${'x'.repeat(89)}…`);
    const columns = Array.from({ length: 30 }, (_, at) => `'value ${at}' as column_${at}`).join(', ');
    const long = await ended(startOnTerminal(['query', 'results.db', `select ${columns}`], '', { cwd }));
    expect(long.stdout.split('\r\n').slice(0, 3)).toEqual([
      'row 1',
      'column_0   value 0',
      'column_1   value 1',
    ]);
  });

  it('hands nothing to a terminal that it would obey', async () => {
    const cwd = withDatabase(`create table results (a); insert into results values (char(27) || '[2J')`);
    for (const format of ['table', 'json', 'jsonl', 'csv']) {
      const child = startOnTerminal(
        ['query', 'results.db', 'select * from results', '--format', format],
        '',
        { cwd },
      );
      expect((await ended(child)).stdout).not.toContain('\u001b');
    }
  });
});

/** Holds the lock of writers, in the middle of a transaction. */
const writing = `
  const { DatabaseSync } = require('node:sqlite');
  const database = new DatabaseSync('results.db');
  database.exec("begin immediate; insert into results (id) values ('4')");
  console.log('writing');
  setInterval(() => {}, 1000);
`;
