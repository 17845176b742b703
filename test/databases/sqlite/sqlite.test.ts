import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { Driver, Table } from '../../../src/databases/database.ts';
import { AwayError, RefusedError, StatementError } from '../../../src/databases/errors.ts';
import { openSqlite } from '../../../src/databases/sqlite/sqlite.ts';
import { Database } from '../../../src/databases/steady.ts';
import { UsageError } from '../../../src/model/errors.ts';
import { ended, start } from '../../e2e/cli.ts';
import { until } from '../../servers/until.ts';
import { folder, openDriver } from './open.ts';

const notes: Table = {
  name: 'notes',
  columns: [
    { name: 'id', type: 'text' },
    { name: 'text', type: 'text' },
  ],
  key: ['id'],
};

describe('opening', () => {
  it('makes a new file, with a log that is gone when it is closed', async () => {
    const directory = folder();
    const driver = await openDriver(path.join(directory, 'new.db'));
    await driver.create(notes);
    await driver.upsert(notes, [['a', 'x']]);
    expect(readdirSync(directory).sort()).toEqual(['new.db', 'new.db-shm', 'new.db-wal']);
    await driver.close();
    expect(readdirSync(directory)).toEqual(['new.db']);
  });

  it('leaves the mode of a file alone', async () => {
    const file = made('pragma journal_mode = delete; create table t (a)');
    const driver = await openDriver(file);
    await driver.create(notes);
    await driver.upsert(notes, [['a', 'x']]);
    await driver.close();
    const mode = new DatabaseSync(file).prepare('pragma journal_mode').get();
    expect(mode?.['journal_mode']).toBe('delete');
  });

  it.each(['sqlite:', 'sqlite::memory:'])('wants a file, unlike %s', async (spec) => {
    const settings = { pool: 1, isReadOnly: false, isSynced: false };
    await expect(openSqlite(spec, settings)).rejects.toThrow(UsageError);
  });

  it.each<[string, (directory: string) => string, string, boolean]>([
    ['no file', (d) => path.join(d, 'none.db'), 'there is no such file', true],
    ['no folder', (d) => path.join(d, 'none', 'a.db'), 'there is no folder', false],
    ['a folder', (d) => d, 'it is a folder', false],
    ['a folder to read', (d) => d, 'it is a folder', true],
    ['another kind of file', (d) => written(d, 'x'.repeat(5000)), 'it is no SQLite database', false],
    [
      'another one to read',
      (d) => written(d, 'id,name\n1,x\n'.repeat(500)),
      'it is no SQLite database',
      true,
    ],
  ])('says that there is %s', async (_, fileIn, message, isReadOnly) => {
    const directory = folder();
    const error = await openDriver(fileIn(directory), { isReadOnly }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StatementError);
    expect(String(error)).toContain(message);
    expect(existsSync(path.join(directory, 'none.db'))).toBe(false);
  });

  it('takes a name for what it is, a file', async () => {
    const directory = folder();
    const driver = await openDriver(`${directory}/file:odd?mode=ro&x=%41.db`);
    await driver.create(notes);
    expect(driver.name).toBe(`${directory}/file:odd?mode=ro&x=%41.db`);
    expect(readdirSync(directory)).toContain('file:odd?mode=ro&x=%41.db');
  });
});

describe('values', () => {
  it('that JSON does not have are texts', async () => {
    const driver = await openDriver(made("create table t (b blob); insert into t values (x'00ff')"), {
      isReadOnly: true,
    });
    const rows = await all(driver, 'select b, 9e999, -9e999, b is null from t');
    expect(rows).toEqual([['AP8=', 'Infinity', '-Infinity', 0]]);
  });

  it.each([[[null]], [[null, 'x']]])('that are null are so in a column with a default: %j', async (texts) => {
    const file = made(`create table notes (id text primary key, text text default 'none')`);
    const driver = await openDriver(file);
    await driver.upsert(
      notes,
      texts.map((text, id) => [String(id), text]),
    );
    const rows = new DatabaseSync(file).prepare('select text from notes order by id').all();
    expect(rows.map((row) => row['text'])).toEqual(texts);
  });

  it('are JSON and booleans where a column is declared so', async () => {
    const file = made(`create table t (a json, b boolean, c bool, d text);
      insert into t values ('{"x":[1]}', 1, 0, '{}'), ('{', 2, null, '1')`);
    const driver = await openDriver(file, { isReadOnly: true });
    expect(await all(driver, 'select * from t')).toEqual([
      [{ x: [1] }, true, false, '{}'],
      ['{', 2, null, '1'],
    ]);
  });

  it('that a table of the user does not allow are refused', async () => {
    const driver = await openDriver(
      made("create table notes (id text primary key, text text check (text <> 'no'))"),
    );
    const writing = driver.upsert(notes, [
      ['a', 'yes'],
      ['b', 'no'],
    ]);
    await expect(writing).rejects.toThrow(RefusedError);
    expect(await all(driver, 'select * from notes')).toEqual([]);
  });

  it('come of what is no select as well', async () => {
    const driver = await openDriver(made('create table t (a)'), { isReadOnly: true });
    expect(await all(driver, "select name from pragma_table_info('t')")).toEqual([['a']]);
    expect((await all(driver, 'pragma table_info(t)'))[0]?.slice(0, 2)).toEqual([0, 'a']);
    expect(await all(driver, 'values (1, 2), (3, 4)')).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });
});

describe('a lock of another process', () => {
  it('is waited for by whoever has patience', async () => {
    const file = made('create table t (a)');
    const warnings: string[] = [];
    const database = new Database(await openDriver(file), {
      backoff: { retryDelay: 10, retryMaxDelay: 50, retryFactor: 2 },
      awayMs: 60_000,
      onWarning: (message) => warnings.push(message),
    });
    await database.create(notes);
    const holder = await held(file);
    const writing = database.upsert(notes, [['a', 'x']]);
    const reading = database.all('select count(*) from t', []);
    await until(() => warnings.length > 0);
    expect(warnings[0]).toBe(`${file}: it is locked by another process; trying again`);
    await holder.release();
    await writing;
    expect((await reading).rows).toEqual([[0]]);
    expect((await database.all('select * from notes', [])).rows).toEqual([['a', 'x']]);
    expect(warnings.at(-1)).toMatch(/: back after \d+\.\d s$/);
  });

  it.each([true, false])('is no reason to wait at the start (to read: %s)', async (isReadOnly) => {
    const file = made('create table t (a)');
    await held(file);
    await expect(openDriver(file, { isReadOnly })).rejects.toThrow(
      new AwayError('it is locked by another process'),
    );
  });

  it('leaves those alone who read, where there is a log', async () => {
    const file = made('pragma journal_mode = wal; create table t (a); insert into t values (1)');
    await held(file);
    const driver = await openDriver(file, { isReadOnly: true });
    expect(await all(driver, 'select * from t')).toEqual([[1]]);
  });
});

describe('a writer that is killed', () => {
  it.each(['wal', 'delete'])('leaves whole batches (journal mode %s)', async (mode) => {
    const file = made(`pragma journal_mode = ${mode}`);
    const journal = `${file}-${mode === 'wal' ? 'wal' : 'journal'}`;
    const child = start(process.execPath, ['--input-type=module', '-e', writer, file]);
    let stored = 0;
    child.stdout.on('data', (text: Buffer) => (stored += text.length));
    await until(() => stored >= 2);
    // Half a batch is more than SQLite's cache holds: the rest of it stands in the file or its log by now.
    const sizeOf = (name: string) => (existsSync(name) ? statSync(name).size : 0);
    const before = sizeOf(journal) + sizeOf(file);
    await until(() => sizeOf(journal) + sizeOf(file) > before + 2 ** 20);
    const died = once(child, 'close');
    child.kill('SIGKILL');
    await died;

    const driver = await openDriver(file, { isReadOnly: true });
    const [[rows, batches] = []] = await all(driver, 'select count(*), count(distinct text) from notes');
    expect(Number(rows)).toBe(Number(batches) * 30_000);
    expect(Number(batches)).toBeGreaterThanOrEqual(stored);
    expect(await all(driver, 'pragma integrity_check')).toEqual([['ok']]);
  });
});

describe('the process', () => {
  const prelude = `
    const { openSqlite } = await import(${JSON.stringify(path.resolve('src/databases/sqlite/sqlite.ts'))});
    const driver = await openSqlite('sqlite:' + process.argv[1], { pool: 1, isReadOnly: false, isSynced: false });
    const take = async (sql, batchSize) => {
      let count = 0;
      for await (const { rows } of driver.query(sql, [], { batchSize })) count += rows.length;
      return count;
    };`;
  const run = (code: string, ...flags: readonly string[]) =>
    ended(
      start(process.execPath, [
        ...flags,
        '--input-type=module',
        '-e',
        prelude + code,
        path.join(folder(), 'a.db'),
      ]),
    );

  it('ends by itself when nothing is under way, and says nothing of its own', async () => {
    const { status, stderr } = await run(`await take('select 1', 10); process.stdout.write('done');`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('lives as long as something is, and until it is closed', async () => {
    const { status, stdout } = await run(`
      process.stdout.write(String(await take('select 1', 10)));
      await driver.close();
      process.stdout.write(' closed');`);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '1 closed' });
  });

  it('gives a long answer in little memory', async () => {
    const answer = `
      with recursive r (n) as (select 1 union all select n + 1 from r where n < 150000)
      select n, printf('%01000d', n) as text from r`;
    const code = `process.stdout.write(String(await take(${JSON.stringify(answer)}, 500)));`;
    expect(await run(code, '--max-old-space-size=64')).toEqual({ status: 0, stdout: '150000', stderr: '' });
  });
});

/** Writes batches without an end, and says so for each that is stored. */
const writer = `
  const { openSqlite } = await import(${JSON.stringify(path.resolve('src/databases/sqlite/sqlite.ts'))});
  const notes = ${JSON.stringify(notes)};
  const driver = await openSqlite('sqlite:' + process.argv[1], { pool: 1, isReadOnly: false, isSynced: false });
  await driver.create(notes);
  for (let batch = 0; ; batch++) {
    const text = String(batch).padStart(1000, 'x');
    await driver.upsert(notes, Array.from({ length: 30_000 }, (_, i) => [batch + '-' + i, text]));
    process.stdout.write('.');
  }`;

/** A file with what a script makes. */
function made(script: string): string {
  const file = path.join(folder(), 'made.db');
  const database = new DatabaseSync(file);
  database.exec(script);
  database.close();
  return file;
}

function written(directory: string, text: string): string {
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, 'other.txt');
  writeFileSync(file, text);
  return file;
}

/** Another process that holds the file until it is told. */
async function held(file: string): Promise<{ release(): Promise<void> }> {
  const child = start(process.execPath, [
    '-e',
    `const { DatabaseSync } = require('node:sqlite');
     const database = new DatabaseSync(process.argv[1]);
     database.exec('begin exclusive');
     process.stdout.write('held');
     process.stdin.on('end', () => database.exec('commit')).resume();`,
    file,
  ]);
  await once(child.stdout, 'data');
  const release = async () => {
    child.stdin.end();
    await once(child, 'close');
  };
  return { release };
}

async function all(driver: Driver, sql: string): Promise<(readonly unknown[])[]> {
  const batches: (readonly unknown[])[] = [];
  for await (const { rows } of driver.query(sql, [], { batchSize: 100 })) {
    batches.push(...rows);
  }
  return batches;
}
