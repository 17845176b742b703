import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cell } from '../../../src/databases/database.ts';
import { Databases } from '../../../src/databases/index.ts';
import { SinkError } from '../../../src/model/errors.ts';
import { FetchRecord, type RecordFields } from '../../../src/model/record.ts';
import type { Task } from '../../../src/model/task.ts';
import { Lookup } from '../../../src/sinks/sql/lookup.ts';
import { TableMarks } from '../../../src/sinks/sql/marks.ts';
import { openTable, type OpenTable } from '../../../src/sinks/sql/open-table.ts';
import { resultColumns, type PastColumns } from '../../../src/sinks/sql/past-columns.ts';
import type { PastRule } from '../../../src/sinks/sql/standing.ts';
import { describePostgres } from '../../servers/postgres.ts';

const rule: PastRule = {
  retried: 'all',
  resendsUnknown: false,
  expired: Number.NEGATIVE_INFINITY,
  maxPages: undefined,
};

function task(id: string | undefined, url = `http://a/${id}`, index = 0): Task {
  return { index, id, url, origin: 'http://a', request: { method: 'GET', headers: [], body: undefined } };
}

function record(id: string, fields: Partial<RecordFields> = {}): FetchRecord {
  const timing = { queue: 1, total: 1 };
  const usual = { index: 0, id, url: `http://a/${id}`, ok: true, status: 200, attempts: 1, timing };
  return new FetchRecord({ ...usual, startedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 678), ...fields });
}

const failed = {
  ok: false,
  status: 503,
  error: { kind: 'status', code: 'HTTP_STATUS', message: '' },
} as const;

/** Tests of a kind of database. `spec` and `change` are called while tests run. */
function lookups(spec: () => string): void {
  const databases = new Databases({
    pool: 4,
    isSynced: false,
    patience: {
      backoff: { retryDelay: 1, retryMaxDelay: 1, retryFactor: 1 },
      awayMs: 0,
      onWarning: () => {},
    },
  });
  afterAll(() => databases.close());

  /** A table of results with rows of these records. */
  async function results(name: string, records: readonly FetchRecord[]): Promise<OpenTable> {
    const destination = { spec: spec(), table: name };
    const table = await openTable(destination, { databases, withAllHeaders: false });
    await write(table, records);
    return table;
  }

  async function write({ database, form }: OpenTable, records: readonly FetchRecord[]): Promise<void> {
    const rows = records.map((one) => form.rowOf(one)).filter((row) => row !== undefined);
    await database.upsert(form.table, rows);
  }

  /** A table of the user's own, with a key of that type. */
  async function own(name: string, type: 'integer' | 'text', keys: readonly Cell[]): Promise<OpenTable> {
    const columns = [{ name: 'the "id"', type }];
    const { database } = await results(`other_${name}`, []);
    const table = { name, columns, key: ['the "id"'] };
    await database.create(table);
    await database.upsert(
      table,
      keys.map((key) => [key]),
    );
    const form = { table, rowOf: () => undefined, safer: () => undefined, spares: () => [] };
    return { database, spec: spec(), form };
  }
  const ownIds: PastColumns = {
    id: 'the "id"',
    page: undefined,
    url: undefined,
    next: undefined,
    ok: undefined,
    status: undefined,
    kind: undefined,
    code: undefined,
    fetchedAt: undefined,
    file: undefined,
  };

  const standings = (table: OpenTable, tasks: readonly Task[], change: Partial<PastRule> = {}) =>
    new Lookup(table, resultColumns, { ...rule, ...change }).standings(tasks);

  it('finds what is there, by id and URL, in the order of the tasks', async () => {
    const odd = `it's "odd"\0\ud800 ${String.raw`\u0000`} {a,b} ä\n€`;
    const table = await results('by id', [record('1'), record('2', failed), record('3'), record(odd)]);
    const tasks = [
      task('4'),
      task('3', 'http://a/moved'),
      task('2'),
      task('1'),
      task(odd),
      task('1'),
      task(undefined, 'http://a/3', 3),
    ];
    const found = await standings(table, tasks);
    expect(found.map(({ is }) => is)).toEqual([
      'missing',
      'missing',
      'missing',
      'done',
      'done',
      'done',
      'done',
    ]);
  });

  it('tells failures apart by cause, and rows by age', async () => {
    const table = await results('causes', [record('1', failed), record('2')]);
    const both = [task('1'), task('2')];
    const is = async (change: Partial<PastRule>) =>
      (await standings(table, both, change)).map((standing) => standing.is);
    expect(await is({ retried: [503] })).toEqual(['missing', 'done']);
    expect(await is({ retried: ['timeout'] })).toEqual(['failed', 'done']);
    const time = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
    expect(await is({ retried: [], expired: time })).toEqual(['failed', 'done']);
    expect(await is({ retried: [], expired: time + 1 })).toEqual(['failed', 'missing']);
  });

  it('follows the pages of many tasks', async () => {
    const upTo = Array.from({ length: 100 }, (_, n) => n);
    const pages = upTo.flatMap((n) => {
      const url = (page: number) => (page === 1 ? `http://a/${n}` : `http://a/${n}?p=${page}`);
      // Task n has n % 4 pages, of which the last one of every other task leads on.
      return Array.from({ length: n % 4 }, (_, at) =>
        record(String(n), {
          page: at + 1,
          url: url(at + 1),
          next: at + 1 < n % 4 || n % 2 === 0 ? url(at + 2) : undefined,
        }),
      );
    });
    const table = await results('pages', pages.toReversed());
    const found = await standings(
      table,
      upTo.map((n) => task(String(n))),
      { maxPages: 9 },
    );
    expect(found).toEqual(
      upTo.map((n) => {
        if (n % 4 === 0) {
          return { is: 'missing', from: undefined };
        }
        const visited = [`http://a/${n}`, `http://a/${n}?p=2`];
        return n % 2 === 1
          ? { is: 'done' }
          : { is: 'missing', from: { page: 3, url: `http://a/${n}?p=3`, visited } };
      }),
    );
  });

  it('finds rows of a table of the user by its key, in the type that it has there', async () => {
    const texts = await own('own_texts', 'text', ['a', '7']);
    const some = ['7', '07', 'a', 'b'].map((id) => task(id));
    const is = async (table: OpenTable) =>
      (await new Lookup(table, ownIds, rule).standings(some)).map((standing) => standing.is);
    expect(await is(texts)).toEqual(['done', 'missing', 'done', 'missing']);
    const numbers = await own('own_numbers', 'integer', [7, 9007199254740993n]);
    expect(await is(numbers)).toEqual(['done', 'missing', 'missing', 'missing']);
    const large = [task('9007199254740993'), task('9007199254740992')];
    const found = await new Lookup(numbers, ownIds, rule).standings(large);
    expect(found.map((standing) => standing.is)).toEqual(['done', 'missing']);
  });

  it('throws a SinkError when the table has gone', async () => {
    const table = await results('gone', []);
    const elsewhere = { ...table, form: { ...table.form, table: { ...table.form.table, name: 'nowhere' } } };
    const lookup = new Lookup(elsewhere, resultColumns, rule);
    await expect(lookup.standings([task('1')])).rejects.toThrow(SinkError);
    await expect(lookup.standings([task('1')])).rejects.toThrow(/^cannot read table nowhere of .*nowhere/);
  });

  it('finds marks, which leave the body of an earlier answer alone, until the record is there', async () => {
    const content = { form: 'json', text: '{"a":1}' } as const;
    const table = await results('marks', [record('1', { content, bytes: 7 })]);
    const marks = new TableMarks(table);
    const mark = (id: string, page: number) => ({ index: Number(id), id, page, url: `http://a/${id}` });
    await Promise.all([marks.add(mark('1', 1)), marks.add(mark('2', 1)), marks.add(mark('2', 1))]);
    await marks.close();
    const both = [task('1'), task('2')];
    expect((await standings(table, both)).map(({ is }) => is)).toEqual(['unknown', 'unknown']);
    expect((await standings(table, both, { resendsUnknown: true })).map(({ is }) => is)).toEqual([
      'missing',
      'missing',
    ]);
    const { rows } = await table.database.all(
      'select ok, attempts, error_code, bytes, body is not null from marks order by id',
      [],
    );
    expect(
      rows.map((row) => row.map((value) => (typeof value === 'boolean' ? Number(value) : value))),
    ).toEqual([
      [0, 0, 'MAYBE_SENT', 7, 1],
      [0, 0, 'MAYBE_SENT', null, 0],
    ]);
    await write(table, [record('1'), record('2')]);
    expect((await standings(table, both)).map(({ is }) => is)).toEqual(['done', 'done']);
  });
}

describe('SQLite', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'bulkfetch-lookup-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  lookups(() => `sqlite:${path.join(folder, 'results.db')}`);
});

describePostgres('PostgreSQL', ({ url }) => lookups(() => url));
