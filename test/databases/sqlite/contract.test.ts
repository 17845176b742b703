import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe } from 'vitest';
import { openSqlite } from '../../../src/databases/sqlite/sqlite.ts';
import { driverContract } from '../contract.ts';

describe.each(['wal', 'delete'])('SQLite, in a file with journal mode %s', (mode) => {
  const directory = mkdtempSync(path.join(tmpdir(), 'bulkfetch-sqlite-'));
  const file = path.join(directory, 'contract.db');
  const beside = new DatabaseSync(file);
  beside.exec(`pragma journal_mode = ${mode}`);
  afterAll(() => {
    beside.close();
    rmSync(directory, { recursive: true });
  });

  driverContract({
    open: (settings) => openSqlite(`sqlite:${file}`, settings),
    sql: async (statement) => beside.exec(statement),
    isAmong: (column) => `${column} in (select value from json_each($1))`,
    count: (to) =>
      `with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${to}) select n from numbers`,
  });
});
