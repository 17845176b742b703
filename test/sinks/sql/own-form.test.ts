import { describe, expect, it } from 'vitest';
import type { Cell } from '../../../src/databases/database.ts';
import { resolveRunOptions } from '../../../src/model/options/run-options.ts';
import type { FetchRecord } from '../../../src/model/record.ts';
import { ownForm } from '../../../src/sinks/sql/own-form.ts';
import { failed, fetched } from '../../report/records.ts';

describe('a row of a table of the user', () => {
  const body = `{"text":"a\\u0000","whole":5,"half":0.50,"long":12345678901234567890,
    "int64":9007199254740993,"yes":true,"no":null,"list":[1.0,"x"]}`.replaceAll('\n', '');
  const record = fetched(3, 1.23, {
    content: { form: 'json', text: body },
    headers: { etag: 'e', server: 's' },
    meta: { k: 'v' },
  });

  it.each<[string, Cell]>([
    ['id', '3'],
    ['index', 3],
    ['ok', true],
    ['status', 200],
    ['body.text', String.raw`a\u0000`],
    ['body.whole', 5],
    ['body.half', '0.50'],
    ['body.long', '12345678901234567890'],
    ['body.int64', 9_007_199_254_740_993n],
    ['body.yes', true],
    ['body.no', null],
    ['body.list', '[1.0,"x"]'],
    ['body.list[-1]', 'x'],
    ['body.nothing.here', null],
    ['body', body],
    ['headers.server', 's'],
    ['headers', '{"etag":"e"}'],
    ['timing.total', 1.2],
    ['startedAt', '1970-01-01T00:00:00.000Z'],
    ['meta', '{"k":"v"}'],
    ['error.code', null],
  ])('has of %s what stands there', (path, cell) => {
    expect(rowOf(`c=${path}`, record)).toEqual([cell]);
  });

  it.each<[string, NonNullable<FetchRecord['content']>, Cell]>([
    ['text', { form: 'text', text: 'x\0' }, String.raw`x\u0000`],
    ['a JSON string', { form: 'json', text: '"x"' }, 'x'],
    ['a JSON number', { form: 'json', text: '5' }, 5],
    ['JSON null', { form: 'json', text: 'null' }, null],
    ['bytes', { form: 'base64', bytes: Uint8Array.of(1) }, 'AQ=='],
    [
      'JSON that nests deep',
      { form: 'json', text: '['.repeat(2000) + ']'.repeat(2000) },
      '['.repeat(2000) + ']'.repeat(2000),
    ],
  ])('has a whole body of %s', (_, content, cell) => {
    expect(rowOf('c=body', fetched(0, 1, { content }))).toEqual([cell]);
  });

  it('is none for a record that transforms drop', () => {
    expect(rowOf('id,ok', fetched(3, 1, { transformed: { isDropped: true } }))).toBeUndefined();
  });

  it('is none for a task that failed, unless a column tells of it', () => {
    const record = failed(0, 'HTTP_STATUS', { status: 404, content: { form: 'json', text: '{"id":1}' } });
    expect(rowOf('id=id,name=body.id', record)).toBeUndefined();
    expect(rowOf('id=id,code=error.code,name=body.id', record)).toEqual(['0', 'HTTP_STATUS', 1]);
    expect(rowOf('id=id,s=status', record)).toEqual(['0', 404]);
    expect(rowOf('id=id,attempts', record)).toEqual(['0', 1]);
  });
});

function rowOf(list: string, record: FetchRecord): readonly Cell[] | undefined {
  const columns = resolveRunOptions({ toColumns: list }).toColumns!;
  return ownForm({ name: 't', columns: [], key: [] }, columns, false).rowOf(record);
}
