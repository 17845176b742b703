import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { fieldsLine } from '../../../src/model/fields-line.ts';
import { failure } from '../../../src/model/failure.ts';
import { recordLine } from '../../../src/model/line.ts';
import type { FetchRecord } from '../../../src/model/record.ts';
import { readEntry, type Entry } from '../../../src/sinks/journal/entry.ts';
import { record, refused } from './outputs.ts';

/** What is read of a line that stands between others. */
function read(line: string, hasFiles = false): Entry | undefined {
  const before = recordLine(record(7));
  const text = Buffer.from(before + line + before).toString('latin1');
  return readEntry(text, before.length, text.indexOf('\n', before.length), hasFiles);
}

const records: fc.Arbitrary<FetchRecord> = fc
  .record({
    index: fc.nat(),
    id: fc.string({ unit: 'binary' }),
    url: fc.oneof(fc.webUrl(), fc.string({ unit: 'binary' })),
    finalUrl: fc.option(fc.webUrl(), { nil: undefined }),
    page: fc.option(fc.nat(), { nil: undefined }),
    next: fc.option(fc.string(), { nil: undefined }),
    file: fc.option(fc.string(), { nil: undefined }),
    content: fc.option(
      fc.string().map((text) => ({ form: 'text', text }) as const),
      { nil: undefined },
    ),
    error: fc.option(fc.constant(failure('HTTP_STATUS', 'HTTP 503 "\\"')), { nil: undefined }),
  })
  .map(({ index, page, next, ...more }) =>
    record(index, {
      ...more,
      page,
      next: page === undefined ? undefined : next,
      ok: more.error === undefined,
    }),
  );

it('reads what recordLine writes', () => {
  fc.assert(
    fc.property(records, fc.boolean(), (one, hasFiles) => {
      const { index, ok, url, page, next, file } = one;
      const entry = read(recordLine(one), hasFiles);
      expect(entry).toMatchObject({ index, ok });
      // An id that is not well-formed Unicode is written as such, and so is a URL of input that is none.
      expect([entry?.url, entry?.page, entry?.next]).toEqual([url, page, next]);
      expect(entry?.file).toBe(hasFiles || !ok ? file : undefined);
    }),
  );
});

it('reads fields in any order', () => {
  const fields = ['error', 'ok', 'body', 'next', 'url', 'page', 'index'] as const;
  fc.assert(
    fc.property(fc.shuffledSubarray([...fields], { minLength: fields.length }), records, (names, one) => {
      const lineOf = fieldsLine(
        names.map((name) => ({ key: name, name, path: [] })),
        false,
      );
      const { index, ok, url, page, next } = one;
      expect(read(lineOf(one))).toMatchObject({ index, ok, url, page, next });
    }),
  );
});

it('knows the cause of a failure', () => {
  expect(read(recordLine(record(3, refused)))).toMatchObject({
    index: 3,
    ok: false,
    error: { kind: 'connect', code: 'CONNECTION_REFUSED' },
  });
  expect(read('{"error.code":"HTTP_STATUS","index":3,"status":503}\n')).toMatchObject({
    index: 3,
    ok: false,
    status: 503,
    error: { code: 'HTTP_STATUS' },
  });
});

it.each([
  ['{"index":3}', true],
  ['{"index":3,"status":200}', true],
  ['{"index":3,"status":404}', false],
  ['{"index":3,"error":{"kind":"dns"}}', false],
])('%s: ok is %s where it is left out', (line, ok) => {
  expect(read(`${line}\n`)?.ok).toBe(ok);
});

it.each([
  '',
  '{}',
  '[]',
  'null',
  '{"index":"3"}',
  '{"index":-1}',
  '{"index":1.5}',
  '{"index":1e20}',
  '{"index":3',
])('%s is no record', (line) => {
  expect(read(`${line}\n`)).toBeUndefined();
});
