import { describe, expect, it } from 'vitest';
import { failure } from '../../../src/model/failure.ts';
import { FetchRecord, type RecordFields } from '../../../src/model/record.ts';
import { columnsOfRecords, recordForm } from '../../../src/sinks/sql/record-table.ts';
import type { Row } from '../../../src/sinks/sql/row-form.ts';
import { fetched } from '../../report/records.ts';

const names = columnsOfRecords.map(({ name }) => name);

describe('the row of a record', () => {
  it('has what the record has', () => {
    const record = fetched(7, 0, {
      id: 'seven',
      finalUrl: 'http://b/',
      page: 2,
      next: 'http://b/3',
      httpVersion: '2',
      attempts: 3,
      headers: { server: 'x', 'content-type': 'application/json', etag: 'a' },
      content: { form: 'json', text: '{"n":12345678901234567890, "b":1.50}' },
      timing: {
        queue: 0.04,
        dns: 1.26,
        connect: 2,
        tls: 3,
        firstByte: 4,
        download: 5,
        earlier: 6,
        total: 21.33,
      },
      startedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 67),
      meta: { a: [1] },
      transformed: { result: '[1,2]', extra: '"digest":"ab"' },
    });
    expect(named(recordForm('t', false).rowOf(record))).toEqual({
      index: 7,
      id: 'seven',
      page: 2,
      url: 'http://127.0.0.1/7',
      final_url: 'http://b/',
      next: 'http://b/3',
      ok: true,
      status: 200,
      http_version: '2',
      attempts: 3,
      error_kind: null,
      error_code: null,
      error_message: null,
      bytes: 100,
      headers: '{"content-type":"application/json","etag":"a"}',
      body: '{"n":12345678901234567890, "b":1.50}',
      body_encoding: null,
      file: null,
      result: '[1,2]',
      dropped: null,
      queue_ms: 0,
      dns_ms: 1.3,
      connect_ms: 2,
      tls_ms: 3,
      first_byte_ms: 4,
      download_ms: 5,
      earlier_ms: 6,
      total_ms: 21.3,
      fetched_at: '2026-01-02T03:04:05.067Z',
      meta: '{"a":[1]}',
      extra: '{"digest":"ab"}',
    });
  });

  it('has null for what the record does not have', () => {
    const fields: RecordFields = {
      index: 0,
      id: '0',
      url: 'nonsense',
      ok: false,
      attempts: 0,
      timing: { queue: 0, total: 0 },
      startedAt: 0,
      error: failure('INVALID_URL', 'no URL'),
    };
    const row = named(recordForm('t', false).rowOf(new FetchRecord(fields)));
    const there = Object.entries(row).filter(([, cell]) => cell !== null);
    expect(Object.fromEntries(there)).toEqual({
      index: 0,
      id: '0',
      page: 1,
      url: 'nonsense',
      ok: false,
      attempts: 0,
      error_kind: 'input',
      error_code: 'INVALID_URL',
      error_message: 'no URL',
      queue_ms: 0,
      total_ms: 0,
      fetched_at: '1970-01-01T00:00:00.000Z',
    });
  });

  it.each<[string, RecordFields['content'], string | null, string | null]>([
    ['JSON null', { form: 'json', text: 'null' }, 'null', null],
    ['text', { form: 'text', text: 'a "b"\0' }, String.raw`"a \"b\"\u0000"`, null],
    ['bytes', { form: 'base64', bytes: Uint8Array.of(0, 255) }, '"AP8="', 'base64'],
    ['none', undefined, null, null],
  ])('has a body of %s as JSON', (_, content, body, encoding) => {
    const row = named(recordForm('t', false).rowOf(fetched(0, 1, { content })));
    expect([row['body'], row['body_encoding']]).toEqual([body, encoding]);
  });

  it('has all header fields when asked for', () => {
    const record = fetched(0, 1, { headers: { server: 'x', 'set-cookie': ['a', 'b'] } });
    expect(named(recordForm('t', true).rowOf(record))['headers']).toBe(
      '{"server":"x","set-cookie":["a","b"]}',
    );
    expect(named(recordForm('t', false).rowOf(record))['headers']).toBe(null);
  });

  it('has texts that can be stored', () => {
    const record = fetched(0, 1, { id: 'a\0', url: 'b\ud800', error: failure('BAD_NEXT', 'c\0') });
    const row = named(recordForm('t', false).rowOf(record));
    expect([row['id'], row['url'], row['error_message']]).toEqual([
      String.raw`a\u0000`,
      String.raw`b\ud800`,
      String.raw`c\u0000`,
    ]);
  });
});

describe('a row that is refused', () => {
  const form = recordForm('t', false);
  const json = String.raw`{"a":"\u0000"}`;

  it('is safer without NUL and lone surrogates in its JSON', () => {
    const record = fetched(0, 1, {
      content: { form: 'json', text: json },
      headers: { etag: 'ok' },
      meta: '\ud800',
    });
    const row = form.rowOf(record)!;
    const safer = form.safer(record, row)!;
    expect(changes(row, safer)).toEqual({
      body: `"${base64(json)}"`,
      body_encoding: 'base64:json',
      meta: `{"base64:json":"${base64(String.raw`"\ud800"`)}"}`,
    });
    expect(form.safer(record, safer)).toBeUndefined();
  });

  it('has nothing to be made safer about otherwise', () => {
    const record = fetched(0, 1, { content: { form: 'json', text: String.raw`"\\u0000"` } });
    expect(form.safer(record, form.rowOf(record)!)).toBeUndefined();
  });

  it('is tried without its body, then without all that is JSON', () => {
    const record = fetched(0, 1, {
      content: { form: 'text', text: 'ä' },
      headers: { etag: 'e' },
      meta: 1,
    });
    const row = form.rowOf(record)!;
    const body = { body: `"${base64('ä')}"`, body_encoding: 'base64:text' };
    expect(form.spares(record, row).map((spare) => changes(row, spare))).toEqual([
      body,
      {
        ...body,
        headers: `{"base64:json":"${base64('{"etag":"e"}')}"}`,
        meta: `{"base64:json":"${base64('1')}"}`,
      },
    ]);
  });

  it('keeps a body that is base64 already', () => {
    const record = fetched(0, 1, { content: { form: 'base64', bytes: Uint8Array.of(1) } });
    const row = form.rowOf(record)!;
    expect(form.spares(record, row).map((spare) => changes(row, spare))).toEqual([{}, {}]);
  });
});

function named(row: Row | undefined): Record<string, unknown> {
  return Object.fromEntries(names.map((name, at) => [name, row![at]]));
}

function changes(row: Row, other: Row): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(named(other)).filter(([name]) => named(row)[name] !== named(other)[name]),
  );
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
