import { describe, expect, it } from 'vitest';
import { StatementError } from '../../../src/databases/errors.ts';
import { DatabaseAwayError, SinkError } from '../../../src/model/errors.ts';
import { FetchRecord } from '../../../src/model/record.ts';
import { TableMarks } from '../../../src/sinks/sql/marks.ts';
import { recordForm } from '../../../src/sinks/sql/record-table.ts';
import { createLatch } from '../../servers/latch.ts';
import { fakeDatabase, type FakeSettings } from './fake-driver.ts';

const mark = (id: string, page = 1) => ({ index: 0, id, page, url: `http://a/${id}` });

function record(id: string, page?: number): FetchRecord {
  const timing = { queue: 0, total: 0 };
  return new FetchRecord({ index: 0, id, page, url: '', ok: true, attempts: 1, timing, startedAt: 0 });
}

function marksInto(settings: FakeSettings) {
  const { database, tried } = fakeDatabase(settings);
  const marks = new TableMarks({ database, spec: 'sqlite:fake.db', form: recordForm('results', false) });
  return {
    marks,
    ids: () => tried.map((rows) => rows.map(([, id, page]) => `${String(id)}:${String(page)}`)),
  };
}

describe('marks in a table', () => {
  it('of one turn, and those that come during a write, are one transaction, each row once', async () => {
    const written = createLatch();
    const { marks, ids } = marksInto({ onUpsert: () => written.opened });
    const first = [marks.add(mark('a')), marks.add(mark('b')), marks.add(mark('a')), marks.add(mark('a', 2))];
    await new Promise((resolve) => void setImmediate(resolve)); // the write has begun
    const second = [marks.add(mark('c')), marks.add(mark('d'))];
    written.open();
    await Promise.all([...first, ...second]);
    expect(ids()).toEqual([
      ['a:1', 'b:1', 'a:2'],
      ['c:1', 'd:1'],
    ]);
  });

  it('are waited for by the records that take their place, and by no others', async () => {
    const written = createLatch();
    const { marks } = marksInto({ onUpsert: () => written.opened });
    expect(marks.before([record('a')])).toBeUndefined();
    const made = marks.add(mark('a'));
    expect(marks.before([record('b'), record('a', 2)])).toBeUndefined();
    let isOver = false;
    const waiting = marks.before([record('b'), record('a')])?.then(() => (isOver = true));
    await new Promise((resolve) => void setImmediate(resolve));
    expect([waiting !== undefined, isOver]).toEqual([true, false]);
    written.open();
    await Promise.all([made, waiting]);
    expect([isOver, marks.before([record('a')])]).toEqual([true, undefined]);
  });

  it('that cannot be made hold up no record', async () => {
    const { marks } = marksInto({ onUpsert: () => Promise.reject(new StatementError('no such table')) });
    const made = marks.add(mark('a'));
    const waiting = marks.before([record('a')]);
    await expect(made).rejects.toThrow(SinkError);
    await expect(made).rejects.toThrow('cannot write table results of fake.db: no such table');
    expect(await waiting).toBeUndefined();
    await marks.close();
  });

  it('are not made by a database that refuses them or stays away', async () => {
    const refused = marksInto({ refuses: () => 'too long' });
    await expect(refused.marks.add(mark('a'))).rejects.toThrow(
      new SinkError('cannot write table results of fake.db: too long'),
    );
    const away = new DatabaseAwayError('fake.db stayed away: gone');
    const { marks, ids } = marksInto({ onUpsert: () => Promise.reject(away) });
    await expect(marks.add(mark('a'))).rejects.toBe(away);
    await expect(marks.add(mark('b'))).rejects.toBe(away); // and nothing is written any more
    expect(ids()).toEqual([['a:1']]);
  });
});
