import { openPostgres } from '../../../src/databases/postgres/postgres.ts';
import { describePostgres } from '../../servers/postgres.ts';
import { driverContract } from '../contract.ts';

describePostgres('PostgreSQL', (database) => {
  driverContract({
    open: (settings) => openPostgres(database.url, settings),
    sql: async (statement) => void (await database.sql(statement)),
    isAmong: (column) => `${column} = any($1)`,
    count: (to) => `select n from generate_series(1, ${to}) as n`,
  });
});
