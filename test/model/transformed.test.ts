import { describe, expect, it } from 'vitest';
import { fieldsLine } from '../../src/model/fields-line.ts';
import { bodylessLine, recordLine, recordLineWithHeaders } from '../../src/model/line.ts';
import { resolveRunOptions } from '../../src/model/options/run-options.ts';
import { FetchRecord, type RecordFields } from '../../src/model/record.ts';

const fields: RecordFields = {
  index: 3,
  id: 'a"b',
  url: 'https://example.com/3',
  ok: true,
  attempts: 1,
  status: 200,
  headers: { 'x-own': 'y' },
  content: { form: 'json', text: '{"n":1.0}' },
  timing: { queue: 0, total: 5 },
  startedAt: Date.UTC(2026, 0, 2),
  meta: 'm',
};

const transformed = new FetchRecord({
  ...fields,
  transformed: { result: '{"n":12345678901234567890,"list":[1]}', extra: '"x":{"y":[7]},"a b":null' },
});
const dropped = new FetchRecord({
  ...fields,
  page: 2,
  next: 'https://example.com/4',
  transformed: { isDropped: true },
});
const start = '{"index":3,"id":"a\\"b","url":"https://example.com/3","ok":true,"status":200,"attempts":1';
const end = '"timing":{"queue":0,"total":5},"startedAt":"2026-01-02T00:00:00.000Z","meta":"m"';

describe('a record that was transformed', () => {
  it('has its result after its body, and fields of its own at the end', () => {
    expect(recordLine(transformed)).toBe(
      `${start},"body":{"n":1.0},"result":{"n":12345678901234567890,"list":[1]},${end},"x":{"y":[7]},"a b":null}\n`,
    );
  });

  it('has all the header fields that were set', () => {
    const set = new FetchRecord({ ...fields, transformed: { hasHeaders: true } });
    expect(recordLine(set)).toBe(`${start},"headers":{"x-own":"y"},"body":{"n":1.0},${end}}\n`);
    expect(JSON.parse(JSON.stringify(set))).toEqual(JSON.parse(recordLine(set)));
    expect(lineOf('headers', set)).toBe('{"headers":{"x-own":"y"}}\n');
  });

  it('gives them as values', () => {
    expect(transformed.result).toEqual({ n: 12345678901234567000, list: [1] });
    expect(transformed.extra).toEqual({ x: { y: [7] }, 'a b': null });
    expect(JSON.parse(JSON.stringify(transformed))).toEqual(JSON.parse(recordLine(transformed)));
  });

  it('has none where nothing was set', () => {
    const record = new FetchRecord(fields);
    expect([record.result, record.dropped, record.extra]).toEqual([undefined, undefined, {}]);
  });

  it.each([
    ['result', '{"result":{"n":12345678901234567890,"list":[1]}}'],
    ['result.list[0],x.y[0],"a b",nothing', '{"result.list[0]":1,"x.y[0]":7,"\\"a b\\"":null}'],
    ['id,dropped', '{"id":"a\\"b"}'],
  ])('--fields %s', (named, line) => {
    expect(lineOf(named, transformed)).toBe(`${line}\n`);
  });
});

describe('a record that was dropped', () => {
  const line = '{"index":3,"id":"a\\"b","page":2,"next":"https://example.com/4","ok":true,"dropped":true}\n';

  it.each([recordLine, recordLineWithHeaders])('has a line that says only which it was', (toLine) => {
    expect(toLine(dropped)).toBe(line);
    expect(JSON.parse(JSON.stringify(dropped))).toEqual(JSON.parse(line));
  });

  it('--fields: of those alone', () => {
    expect(lineOf('id,url,status,dropped,result,x,page', dropped)).toBe(
      '{"id":"a\\"b","dropped":true,"page":2}\n',
    );
  });
});

it('what a transform is told has every header field and no body', () => {
  expect(bodylessLine(new FetchRecord(fields))).toBe(`${start},"headers":{"x-own":"y"},${end}}\n`);
});

function lineOf(named: string, record: FetchRecord): string {
  const options = resolveRunOptions({ fields: named, transform: './t.js' });
  return fieldsLine(options.fields!, false)(record);
}
