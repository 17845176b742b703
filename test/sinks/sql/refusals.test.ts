import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StatementError } from '../../../src/databases/errors.ts';
import type { FetchRecord } from '../../../src/model/record.ts';
import { recordForm } from '../../../src/sinks/sql/record-table.ts';
import { Refusals } from '../../../src/sinks/sql/refusals.ts';
import type { RowForm } from '../../../src/sinks/sql/row-form.ts';
import { fetched } from '../../report/records.ts';
import { fakeDatabase, type FakeSettings } from './fake-driver.ts';

describe('rows that are refused', () => {
  it('are none of the others', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), async (bad) => {
        const { refusals, stored, lost } = refusalsOf(plainForm, {
          refuses: ([id]) => (bad[Number(id)] ? `${String(id)} is bad` : undefined),
        });
        await refusals.write(
          rowsOf(
            bad.map((_, index) => fetched(index, 1)),
            plainForm,
          ),
        );
        const ids = bad.map((_, index) => String(index));
        expect([...stored.values()].map(([id]) => id)).toEqual(ids.filter((id) => !bad[Number(id)]));
        expect(lost).toEqual(ids.filter((id) => bad[Number(id)]).map((id) => `${id}: ${id} is bad`));
      }),
    );
  });

  it('are found by halves', async () => {
    const { refusals, tried } = refusalsOf(plainForm, {
      refuses: ([id]) => (id === '300' ? 'no' : undefined),
    });
    await refusals.write(
      rowsOf(
        Array.from({ length: 512 }, (_, index) => fetched(index, 1)),
        plainForm,
      ),
    );
    expect(tried.length).toBe(1 + 2 * 9);
  });

  it('are written without their body, then without all JSON', async () => {
    const at = (name: string) => resultsForm.table.columns.findIndex((column) => column.name === name);
    const { refusals, stored, lost } = refusalsOf(resultsForm, {
      refuses: (row) =>
        row[at('body')] === '"deep"' || row[at('meta')] === '"deep"' ? 'too deep' : undefined,
    });
    const content = { form: 'json', text: '"deep"' } as const;
    await refusals.write(
      rowsOf([
        fetched(0, 1, { content, meta: 'm' }),
        fetched(1, 1, { meta: 'deep' }),
        fetched(2, 1, { content: { form: 'json', text: '1' }, meta: 'm' }),
      ]),
    );
    const encoded = Buffer.from('"deep"').toString('base64');
    expect(
      [...stored.values()].map((row) => ['id', 'body', 'body_encoding', 'meta'].map((name) => row[at(name)])),
    ).toEqual([
      ['0', `"${encoded}"`, 'base64:json', '"m"'],
      ['1', null, null, `{"base64:json":"${encoded}"}`],
      ['2', '1', null, '"m"'],
    ]);
    expect(lost).toEqual([]);
  });

  it('cost one try when all have what PostgreSQL does not store, and none from then on', async () => {
    const body = resultsForm.table.columns.findIndex(({ name }) => name === 'body');
    const { refusals, tried, stored } = refusalsOf(resultsForm, {
      refuses: (row) => (String(row[body]).includes(String.raw`\u0000`) ? 'NUL' : undefined),
    });
    const content = { form: 'text', text: 'a\0' } as const;
    const rows = (from: number) =>
      rowsOf(Array.from({ length: 100 }, (_, at) => fetched(from + at, 1, at % 2 === 0 ? { content } : {})));
    await refusals.write(rows(0));
    expect(tried.length).toBe(2);
    await refusals.write(rows(100));
    expect(tried.length).toBe(3);
    expect(stored.size).toBe(200);
  });

  it('are left alone by a database that takes them', async () => {
    const body = resultsForm.table.columns.findIndex(({ name }) => name === 'body');
    const { refusals, stored } = refusalsOf(resultsForm, {});
    await refusals.write(rowsOf([fetched(0, 1, { content: { form: 'text', text: '\0' } })]));
    expect([...stored.values()][0]![body]).toBe(String.raw`"\u0000"`);
  });

  it('are told when no form of them is taken', async () => {
    const { refusals, tried, lost } = refusalsOf(resultsForm, { refuses: () => 'no room' });
    await refusals.write(rowsOf([fetched(5, 1)]));
    expect([tried.length, lost]).toEqual([3, ['5: no room']]);
  });

  it('are no other faults', async () => {
    const fault = new StatementError('no table');
    const { refusals } = refusalsOf(resultsForm, { onUpsert: () => Promise.reject(fault) });
    await expect(refusals.write(rowsOf([fetched(0, 1)]))).rejects.toBe(fault);
  });
});

const resultsForm = recordForm('results', false);

/** Rows of an id alone. */
const plainForm: RowForm = {
  table: { name: 't', columns: [{ name: 'id', type: undefined }], key: ['id'] },
  rowOf: ({ id }) => [id],
  safer: () => undefined,
  spares: () => [],
};

function refusalsOf(form: RowForm, settings: FakeSettings) {
  const { database, tried, stored } = fakeDatabase(settings);
  const lost: string[] = [];
  const refusals = new Refusals(database, form, ({ id }, reason) => lost.push(`${id}: ${reason}`));
  return { refusals, tried, stored, lost };
}

function rowsOf(records: readonly FetchRecord[], form: RowForm = resultsForm) {
  return records.map((record) => ({ record, row: form.rowOf(record)! }));
}
