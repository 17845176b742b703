import type { Flag } from './flag.ts';

/** Rows out of databases, and what bears on every database of a run. */
export const databaseFlags = {
  from: {
    flags: '--from <database>',
    about: 'make tasks of the rows of a database: sqlite:FILE or postgres://USER@HOST/NAME',
    secret: 'userinfo',
  },
  query: {
    flags: '--query <sql>',
    about: 'the rows, as in "select id, name from users"; with --ids, $1 stands for a list of ids',
  },
  param: {
    flags: '--param <value>',
    about: 'bind the next $1, $2, … of the query to that; repeatable',
    repeats: true,
  },
  dbBatch: {
    flags: '--db-batch <n>',
    about: 'rows written in one transaction, ids looked up by one query',
    fallback: '500',
  },
  dbPool: { flags: '--db-pool <n>', about: 'connections to a database', fallback: '10' },
  dbTimeout: {
    flags: '--db-timeout <time>',
    about: 'how long to wait for a database that has gone away',
    fallback: '60s',
  },
} as const satisfies Record<string, Flag>;

/** Records into databases. */
export const toDatabaseFlags = {
  to: {
    flags: '--to <database>',
    about: 'write records into a table: sqlite:FILE or postgres://USER@HOST/NAME?table=results; repeatable',
    repeats: true,
    secret: 'userinfo',
  },
  toTable: { flags: '--to-table <name>', about: 'that table', fallback: 'results' },
  toColumns: {
    flags: '--to-columns <list>',
    about: 'write into a table of your own, as in id=id,name=body.name,email=body.email',
  },
  refetch: {
    flags: '--refetch <what>',
    about: 'leave out what the table has, but for failed, all or older-than=24h',
  },
} as const satisfies Record<string, Flag>;
