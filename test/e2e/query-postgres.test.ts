import { beforeAll, expect, it } from 'vitest';
import { describePostgres } from '../servers/postgres.ts';
import { cli } from './cli.ts';

describePostgres('bulkfetch query postgres://…', (database) => {
  beforeAll(async () => {
    await database.sql(`
      create table results (id text primary key, status integer, n numeric, body jsonb);
      insert into results values ('1', 200, 12345678901234567890.5, '{"name":"Ada"}'), ('2', 404, null, null);
      create view failed as select id from results where status >= 400;
      create schema reports;
      create table reports."Daily" (at timestamptz);
    `);
  });

  const query = async (...args: readonly string[]) => {
    const { status, stdout, stderr } = await cli(['query', database.url, ...args]);
    return { status, stdout, stderr: stderr.replace(/ in [\d.]+ (?:ms|s)\n$/, ' in TIME\n') };
  };

  it('shows the answer, with every digit', async () => {
    expect(await query('select * from results order by id')).toEqual({
      status: 0,
      stdout: [
        'id  status                       n  body',
        '──  ──────  ──────────────────────  ──────────────',
        '1      200  12345678901234567890.5  {"name":"Ada"}',
        '2      404',
        '',
      ].join('\n'),
      stderr: '2 rows in TIME\n',
    });
  });

  it('binds --param', async () => {
    const { stdout } = await query(
      'select id from results where status = $1',
      '--param',
      '404',
      '--format',
      'csv',
    );
    expect(stdout).toBe('id\n2\n');
  });

  it('lists tables without a query', async () => {
    const { status, stdout, stderr } = await query();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '3 tables\n' });
    expect(stdout).toBe(
      [
        'failed: a view',
        '  id  text',
        'reports."Daily": 0 rows',
        '  at  timestamp with time zone',
        'results: 2 rows',
        '  id      text',
        '  status  integer',
        '  n       numeric',
        '  body    jsonb',
        '',
      ].join('\n'),
    );
  });

  it.each([
    [
      'select id,\n  nope from results',
      ['column "nope" does not exist (42703)', '    nope from results', '    ^'],
    ],
    [
      'delete from results',
      [
        'query only reads, and this statement is to change something (cannot execute DELETE in a read-only transaction (25006))',
      ],
    ],
  ])('says what is wrong with %j', async (sql, text) => {
    expect(await query(sql)).toEqual({
      status: 2,
      stdout: '',
      stderr: text.map((line) => `bulkfetch: ${line}\n`).join(''),
    });
  });

  it('says that a server is not there, without the password', async () => {
    const { status, stdout, stderr } = await cli([
      'query',
      'postgres://ann:s3cr3t@127.0.0.1:1/app',
      'select 1',
    ]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toBe(
      'bulkfetch: cannot open postgres://127.0.0.1:1/app: connect ECONNREFUSED 127.0.0.1:1\n',
    );
  });

  it('takes the password from the environment, and shows it nowhere', async () => {
    const env = { DATABASE_PASSWORD: 's3cr3t-pa55' };
    const { status, stderr } = await cli(
      ['query', 'postgres://ann:${DATABASE_PASSWORD}@127.0.0.1:1/app', 'select 1'],
      { env },
    );
    expect(status).toBe(2);
    expect(stderr).not.toContain('s3cr3t');
    const unset = await cli(['query', 'postgres://ann:${NOT_SET_AT_ALL}@127.0.0.1:1/app', 'select 1']);
    expect(unset.stderr).toContain('bulkfetch: database: the environment has no variable NOT_SET_AT_ALL');
  });
});
