import { describe, expect, it } from 'vitest';
import type { Cell } from '../../../src/databases/database.ts';
import { AwayError, StatementError } from '../../../src/databases/errors.ts';
import { DatabaseAwayError, SinkError } from '../../../src/model/errors.ts';
import { resolveRunOptions } from '../../../src/model/options/run-options.ts';
import type { FetchRecord } from '../../../src/model/record.ts';
import { ownForm } from '../../../src/sinks/sql/own-form.ts';
import type { RowForm } from '../../../src/sinks/sql/row-form.ts';
import { RowWriter } from '../../../src/sinks/sql/row-writer.ts';
import { failed, fetched } from '../../report/records.ts';
import { until } from '../../servers/until.ts';
import { fakeDatabase, type FakeSettings } from './fake-driver.ts';

describe('transactions', () => {
  it('begin at once when none is under way, and have all that has gathered meanwhile', async () => {
    const { writer, ids, end, tried } = heldWriter({ batchSize: 10 });
    const writes = [writer.write(records(0, 1)), writer.write(records(1, 3)), writer.write(records(3, 4))];
    expect(ids()).toEqual(['0']);
    await end(0);
    await writes[0];
    await until(() => tried.length === 2);
    expect(ids()).toEqual(['0', '1,2,3']);
    await end(1);
    await Promise.all(writes);
  });

  it('are of so many rows at most', async () => {
    const { writer, ids } = plainWriter({ batchSize: 4 });
    await writer.write(records(0, 10));
    expect(ids()).toEqual(['0,1,2,3', '4,5,6,7', '8,9']);
  });

  it('are of so many bytes at most', async () => {
    const { writer, ids } = plainWriter({ batchSize: 100 });
    const large = { bytes: 10 * 1024 * 1024, content: { form: 'text', text: '' } } as const;
    await writer.write([0, 1, 2, 3, 4].map((index) => fetched(index, 1, large)));
    expect(ids()).toEqual(['0,1', '2,3', '4']);
  });

  it('are under way as many at once as the database likes, when each is complete', async () => {
    const { writer, ids, end, tried } = heldWriter({ batchSize: 2, writers: 3 });
    const writing = writer.write(records(0, 9));
    expect(ids()).toEqual(['0,1', '2,3', '4,5']);
    await end(1);
    await until(() => tried.length === 4);
    expect(ids()[3]).toBe('6,7');
    await end(0);
    await turn();
    expect(tried.length).toBe(4); // the last row waits for others, or for all to be done
    await end(2);
    await turn();
    expect(tried.length).toBe(4);
    await end(3);
    await until(() => tried.length === 5);
    await end(4);
    await writing;
  });

  it('resolve a write when the last of its rows is committed', async () => {
    const { writer, end, tried } = heldWriter({ batchSize: 2, writers: 2 });
    const log: string[] = [];
    const first = writer.write(records(0, 3)).then(() => log.push('first'));
    const second = writer.write(records(3, 4)).then(() => log.push('second'));
    await until(() => tried.length === 2);
    await end(1);
    await second;
    expect(log).toEqual(['second']);
    await end(0);
    await first;
  });

  it('resolve a write of nothing', async () => {
    await plainWriter({}).writer.write([]);
  });
});

describe('rows with the same key', () => {
  it('are one in a transaction: the later', async () => {
    const { writer, stored, tried } = plainWriter({ batchSize: 10 });
    await writer.write([fetched(0, 1, { id: 'a' }), fetched(1, 1, { id: 'b' }), fetched(2, 1, { id: 'a' })]);
    expect(tried.length).toBe(1);
    expect([...stored.values()].map(([id, index]) => [id, index])).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });

  it('do not overtake each other in several', async () => {
    const { writer, ids, end, tried, stored } = heldWriter({ batchSize: 2, writers: 3 });
    const writing = writer.write([
      fetched(0, 1, { id: 'a' }),
      fetched(1, 1, { id: 'b' }),
      fetched(2, 1, { id: 'c' }),
      fetched(3, 1, { id: 'a' }),
      fetched(4, 1, { id: 'd' }),
    ]);
    await turn();
    expect(ids()).toEqual(['a,b', 'c']);
    await end(1);
    await turn();
    expect(tried.length).toBe(2); // the other a is under way
    await end(0);
    await until(() => tried.length === 3);
    expect(ids()[2]).toBe('a,d');
    await end(2);
    await writing;
    expect(stored.get('["a"]')).toEqual(['a', 3]);
  });
});

describe('records without a row', () => {
  it('are counted', async () => {
    const { writer, stored } = plainWriter({});
    await writer.write([failed(0, 'HTTP_STATUS'), fetched(1, 1), failed(2, 'HTTP_STATUS')]);
    expect([...stored.values()]).toEqual([['1', 1]]);
    expect(writer.shortfall).toEqual({ table: 'table t of fake.db', failed: 2, refused: 0 });
  });

  it('are told when the database refuses them, or could not tell them apart', async () => {
    const { writer, stored, warnings } = plainWriter({
      columns: 'key=body.key,index',
      refuses: ([key]) => (key === 'x' ? 'no x here' : undefined),
    });
    const keyed = (index: number, key: string, page?: number) =>
      fetched(index, 1, { page, content: { form: 'json', text: `{"key":${key}}` } });
    await writer.write([keyed(0, '"x"', 3), keyed(1, '"y"'), keyed(2, 'null'), fetched(3, 1)]);
    expect([...stored.values()]).toEqual([['y', 1]]);
    expect(warnings).toEqual([
      'table t of fake.db: the row of id 2 is not stored: there is no value for key, which tells rows apart',
      'table t of fake.db: the row of id 3 is not stored: there is no value for key, which tells rows apart',
      'table t of fake.db: the row of id 0, page 3 is not stored: no x here',
    ]);
    expect(writer.shortfall).toMatchObject({ failed: 0, refused: 3 });
  });
});

describe('a fault', () => {
  const goOn = 'what was committed stays there, and --resume goes on from it';

  it('is thrown by all writes, and nothing is begun after it', async () => {
    const { writer, tried, end, fail } = heldWriter({ batchSize: 1, writers: 2 });
    const writes = [0, 1, 2].map((index) => writer.write(records(index, index + 1)));
    const results = Promise.allSettled(writes);
    await until(() => tried.length === 2);
    await fail(1, new StatementError('the disk is full'));
    await end(0);
    const wanted = new SinkError(`cannot write table t of fake.db: the disk is full; ${goOn}`);
    await expect(writer.write(records(3, 4))).rejects.toThrow(wanted);
    expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(tried.length).toBe(2);
  });

  it('says that a database stayed away, and how to go on', async () => {
    const { writer } = plainWriter({ onUpsert: () => Promise.reject(new AwayError('it is gone')) });
    await expect(writer.write(records(0, 1))).rejects.toThrow(
      new DatabaseAwayError(`fake.db stayed away: it is gone; ${goOn}`),
    );
  });

  it('of our own stays what it is', async () => {
    const bug = new TypeError('oh');
    const { writer } = plainWriter({ onUpsert: () => Promise.reject(bug) });
    await expect(writer.write(records(0, 1))).rejects.toBe(bug);
  });
});

interface Settings extends FakeSettings {
  readonly batchSize?: number;
  readonly columns?: string;
}

function plainWriter({ batchSize = 10, columns = 'key=id,index', ...fake }: Settings) {
  const { database, tried, stored } = fakeDatabase(fake);
  const warnings: string[] = [];
  const writer = new RowWriter(
    { database, spec: 'sqlite:fake.db', form: formOf(columns) },
    { batchSize, onWarning: (text) => warnings.push(text) },
  );
  const ids = () => tried.map((rows) => rows.map(([id]) => String(id)).join(','));
  return { writer, tried, stored, warnings, ids };
}

/** Its transactions end when the test says so. */
function heldWriter(settings: Settings) {
  const under: PromiseWithResolvers<void>[] = [];
  const onUpsert = (_rows: readonly (readonly Cell[])[]) => {
    const one = Promise.withResolvers<void>();
    under.push(one);
    return one.promise;
  };
  return {
    ...plainWriter({ ...settings, onUpsert }),
    end: (at: number) => (under[at]!.resolve(), turn()),
    fail: (at: number, error: Error) => (under[at]!.reject(error), turn()),
  };
}

function formOf(list: string): RowForm {
  const columns = resolveRunOptions({ toColumns: list }).toColumns!;
  const named = columns.map(({ column }) => ({ name: column, type: undefined }));
  return ownForm({ name: 't', columns: named, key: ['key'] }, columns, false);
}

function records(from: number, to: number): FetchRecord[] {
  return Array.from({ length: to - from }, (_, at) => fetched(from + at, 1));
}

/** All that promises have to say has been said. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
