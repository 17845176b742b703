import { describe, expect, it } from 'vitest';
import { fieldsLine } from '../../../src/model/fields-line.ts';
import { FetchRecord, lineFields, type RecordFields } from '../../../src/model/record.ts';
import { resolveRunOptions } from '../../../src/model/options/run-options.ts';

const record: RecordFields = {
  index: 3,
  id: '17',
  url: 'https://api.example.com/users/17',
  ok: true,
  status: 200,
  attempts: 1,
  headers: { 'content-type': 'application/json', server: 'x', 'set-cookie': ['a=1', 'b=2'] },
  bytes: 80,
  content: {
    form: 'json',
    text: '{"name": "Ada","big":12345678901234567890,"items":[{"id":1.0},{"id":2}],"none":null,"a.b":{"c d":1}}',
  },
  timing: { queue: 0, firstByte: 12.34, total: 20 },
  startedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  meta: { row: ['x'] },
};

describe('--fields', () => {
  it.each([
    ['id,status,body.name', '{"id":"17","status":200,"body.name":"Ada"}'],
    ['status, id', '{"status":200,"id":"17"}'],
    ['$.id', '{"$.id":"17"}'],
    ['body.big', '{"body.big":12345678901234567890}'],
    ['body.items[0].id,body.items[-1]', '{"body.items[0].id":1.0,"body.items[-1]":{"id":2}}'],
    ['body.none', '{"body.none":null}'],
    [`body."a.b"['c d']`, String.raw`{"body.\"a.b\"['c d']":1}`],
    ['body."x,y",id', '{"id":"17"}'],
    [
      'headers.Content-Type,headers.server',
      '{"headers.Content-Type":"application/json","headers.server":"x"}',
    ],
    ['headers.set-cookie[1]', '{"headers.set-cookie[1]":"b=2"}'],
    ['headers', '{"headers":{"content-type":"application/json"}}'],
    ['timing.firstByte', '{"timing.firstByte":12.3}'],
    ['startedAt', '{"startedAt":"2026-01-02T03:04:05.006Z"}'],
    ['meta.row[0],index,ok', '{"meta.row[0]":"x","index":3,"ok":true}'],
    ['error.code,file,body.name.first,body.constructor', '{}'],
  ])('%s', (fields, line) => {
    expect(lineOf(fields)).toBe(`${line}\n`);
  });

  it('gives a whole JSON body byte for byte', () => {
    expect(lineOf('body')).toBe(`{"body":${record.content?.form === 'json' ? record.content.text : ''}}\n`);
  });

  it.each([
    [{ form: 'text', text: 'grün' } as const, '{"body":"grün"}'],
    [{ form: 'base64', bytes: Uint8Array.of(0, 255) } as const, '{"body":"AP8=","bodyEncoding":"base64"}'],
  ])('gives other bodies as the whole line does: $form', (content, line) => {
    expect(lineOf('body,bodyEncoding,body.length', { content })).toBe(`${line}\n`);
  });

  it('gives all headers on demand', () => {
    expect(JSON.parse(fieldsLine(fieldsOf('headers'), true)(new FetchRecord(record)))).toEqual({
      headers: record.headers,
    });
  });

  it('gives each record its own body', () => {
    const toLine = fieldsLine(fieldsOf('body.n,body.m'), false);
    const lines = [1, 2].map((n) =>
      toLine(new FetchRecord({ ...record, content: { form: 'json', text: `{"n":${n},"m":${-n}}` } })),
    );
    expect(lines).toEqual(['{"body.n":1,"body.m":-1}\n', '{"body.n":2,"body.m":-2}\n']);
  });

  it('takes a list, and every field of the line', () => {
    const names = Object.keys(lineFields);
    expect(resolveRunOptions({ fields: names }).fields?.map(({ key }) => key)).toEqual(names);
  });

  it.each([
    ['id,stat', /^--fields: a record has no field stat: it has index, id, url, .*, meta/],
    ['', /^--fields: must be paths into the record, as in id,status,body\.items\[0\]\.id, not ""$/],
    ['id,', /not ""$/],
    ['body..x', /not "body\.\.x"$/],
    ['body.*', /not "body\.\*"$/],
    ['id,body."x', /not "id,body\.\\"x"$/],
    ['$', /not "\$"$/],
    ['[0]', /no field 0/],
    ['id,status,id', /^--fields: a field stands there twice$/],
  ])('refuses %j', (fields, message) => {
    expect(() => fieldsOf(fields)).toThrow(message);
  });
});

function fieldsOf(fields: string) {
  return resolveRunOptions({ fields }).fields!;
}

function lineOf(fields: string, changes: Partial<RecordFields> = {}): string {
  return fieldsLine(fieldsOf(fields), false)(new FetchRecord({ ...record, ...changes }));
}
