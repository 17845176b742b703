import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failure, failureCodes, type FailureCode } from '../../src/model/failure.ts';
import { recordLine, recordLineWithHeaders } from '../../src/model/line.ts';
import type { Content } from '../../src/model/body/value.ts';
import { FetchRecord, lineHeaders, type RecordFields } from '../../src/model/record.ts';

const least: RecordFields = {
  index: 16,
  id: '17',
  url: 'https://api.example.com/users/17',
  ok: true,
  attempts: 1,
  timing: { queue: 0, total: 0 },
  startedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
};

describe('recordLine', () => {
  it('leaves out all that does not apply', () => {
    expect(lineOf({})).toBe(
      '{"index":16,"id":"17","url":"https://api.example.com/users/17","ok":true,"attempts":1,' +
        '"timing":{"queue":0,"total":0},"startedAt":"2026-01-02T03:04:05.006Z"}\n',
    );
  });

  it('writes every field, in its order', () => {
    const line = lineOf({
      finalUrl: 'https://example.com/',
      ok: false,
      status: 503,
      httpVersion: '2',
      attempts: 4,
      headers: { server: 'x', 'retry-after': '5', 'content-type': 'application/json', link: ['<a>', '<b>'] },
      bytes: 8,
      content: { form: 'json', text: '{"a":1}' },
      file: 'bodies/"17".json',
      error: failure('HTTP_STATUS', 'answered "503"'),
      timing: {
        queue: 0.04,
        dns: 0.05,
        connect: 1,
        tls: 1.25,
        firstByte: 99.96,
        download: 12.345,
        earlier: 1e6,
        total: 1000123.44,
      },
      meta: { row: [1, null] },
    });
    expect(line).toBe(
      '{"index":16,"id":"17","url":"https://api.example.com/users/17","finalUrl":"https://example.com/",' +
        '"ok":false,"status":503,"httpVersion":"2","attempts":4,' +
        '"headers":{"content-type":"application/json","link":["<a>","<b>"],"retry-after":"5"},' +
        '"bytes":8,"body":{"a":1},"file":"bodies/\\"17\\".json",' +
        '"error":{"kind":"status","code":"HTTP_STATUS","message":"answered \\"503\\""},' +
        '"timing":{"queue":0,"dns":0.1,"connect":1,"tls":1.3,"firstByte":100,"download":12.3,' +
        '"earlier":1000000,"total":1000123.4},' +
        '"startedAt":"2026-01-02T03:04:05.006Z","meta":{"row":[1,null]}}\n',
    );
  });

  it('keeps every digit of a number in a JSON body', () => {
    const text = '{"id":12345678901234567890,"x":1.0}';
    expect(lineOf({ content: { form: 'json', text } })).toContain(`"body":${text},`);
  });

  it('marks a body in base64', () => {
    const line = lineOf({ content: { form: 'base64', bytes: Uint8Array.of(0, 255, 16) } });
    expect(line).toContain('"body":"AP8Q","bodyEncoding":"base64",');
  });

  it('writes a header field anew when its value changes', () => {
    for (const type of ['a/b', 'a/b', 'c/d', '']) {
      expect(lineOf({ headers: { 'content-type': type } })).toContain(
        `"headers":{"content-type":"${type}"},`,
      );
    }
  });

  it('leaves out headers when none is kept', () => {
    expect(lineOf({ headers: { server: 'x' } })).not.toContain('headers');
  });

  it('has every header field on demand', () => {
    const headers = { server: 'x', 'set-cookie': ['a', 'b'], 'content-type': 'a/b' };
    const record = new FetchRecord({ ...least, headers });
    expect(JSON.parse(recordLineWithHeaders(record))).toEqual({ ...JSON.parse(recordLine(record)), headers });
    expect(recordLineWithHeaders(new FetchRecord(least))).toBe(recordLine(new FetchRecord(least)));
  });

  it.each([0, 999, 1000, 1001, 59_999, 60_000, -1, 951_782_400_010])('dates %i as toISOString does', (ms) => {
    expect(lineOf({ startedAt: ms })).toContain(`"startedAt":"${new Date(ms).toISOString()}"`);
  });

  it('never writes a time below zero', () => {
    expect(lineOf({ timing: { queue: -0.06, total: -3 } })).toContain('"timing":{"queue":0,"total":0}');
  });

  it('leaves out a meta without a JSON form', () => {
    expect(lineOf({ meta: () => 1 })).not.toContain('meta');
  });

  it('is one line that says what the record says, as JSON.stringify does', () => {
    fc.assert(
      fc.property(fields, (fields) => {
        const record = new FetchRecord(fields);
        const line = recordLine(record);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(line).not.toContain('\r');
        expect(JSON.parse(line)).toEqual(expected(fields));
        expect(JSON.parse(JSON.stringify(record))).toEqual(expected(fields));
      }),
      { numRuns: 500 },
    );
  });
});

function lineOf(fields: Partial<RecordFields>): string {
  return recordLine(new FetchRecord({ ...least, ...fields }));
}

/** Any UTF-16, lone surrogates and control characters included. */
const text = fc.oneof(
  fc.webUrl(),
  fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) }),
);
const ms = fc.double({ min: 0, max: 1e8, noNaN: true });

const content: fc.Arbitrary<Content> = fc.oneof(
  fc.json({ noUnicodeString: false }).map((text) => ({ form: 'json' as const, text })),
  text.map((text) => ({ form: 'text' as const, text })),
  fc.uint8Array().map((bytes) => ({ form: 'base64' as const, bytes })),
);

const fields: fc.Arbitrary<RecordFields> = fc.record(
  {
    index: fc.nat(),
    id: text,
    url: text,
    ok: fc.boolean(),
    attempts: fc.nat(),
    timing: fc.record(
      { queue: ms, dns: ms, connect: ms, tls: ms, firstByte: ms, download: ms, earlier: ms, total: ms },
      { requiredKeys: ['queue', 'total'] },
    ),
    startedAt: fc.date({ min: new Date(0), noInvalidDate: true }).map(Number),
    status: fc.nat(599),
    httpVersion: fc.constant('2' as const),
    headers: fc.dictionary(
      fc.constantFrom(...lineHeaders, 'server', 'set-cookie'),
      fc.oneof(text, fc.array(text, { minLength: 2 })),
      { noNullPrototype: true },
    ),
    bytes: fc.nat(),
    content,
    file: text,
    error: fc.tuple(fc.constantFrom(...codes()), text).map(([code, message]) => failure(code, message)),
    finalUrl: text,
    meta: fc.jsonValue({ noUnicodeString: false }),
  },
  { requiredKeys: ['index', 'id', 'url', 'ok', 'attempts', 'timing', 'startedAt'] },
);

function codes(): FailureCode[] {
  return Object.keys(failureCodes).filter((code): code is FailureCode => code in failureCodes);
}

/** The value of the line, made the slow and obvious way. */
function expected({ content, headers, timing, startedAt, ...rest }: RecordFields): unknown {
  const keptHeaders = Object.entries(headers ?? {}).filter(([name]) =>
    lineHeaders.some((kept) => kept === name),
  );
  const value = {
    ...rest,
    ...(keptHeaders.length > 0 && { headers: Object.fromEntries(keptHeaders) }),
    ...(content !== undefined && bodyOf(content)),
    timing: Object.fromEntries(
      Object.entries(timing).map(([phase, ms]) => [phase, ms === undefined ? ms : Math.round(ms * 10) / 10]),
    ),
    startedAt: new Date(startedAt).toISOString(),
  };
  return JSON.parse(JSON.stringify(value));
}

function bodyOf(content: Content): object {
  switch (content.form) {
    case 'json':
      return { body: JSON.parse(content.text) };
    case 'text':
      return { body: content.text };
    case 'base64':
      return { body: Buffer.from(content.bytes).toString('base64'), bodyEncoding: 'base64' };
    default:
      return content satisfies never;
  }
}
