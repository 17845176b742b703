import * as fc from 'fast-check';
import { expect } from 'vitest';
import { fieldValue } from '../../src/model/field.ts';
import { bodyTemplate } from '../../src/sources/templates/body-template.ts';
import { expandFields, fieldTemplates } from '../../src/sources/templates/field-templates.ts';
import { jsonTemplate } from '../../src/sources/templates/json-template.ts';
import type { Row } from '../../src/sources/rows/row.ts';
import { parseUriTemplate } from '../../src/sources/templates/uri-template.ts';
import { damaged } from './damage.ts';
import { fuzz } from './fuzz.ts';
import { jsonPieces } from './json-text.ts';
import { orRejected } from './rejects.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'./\\?#&=%@:;{}"\' \r\n+a0é'.split('')), maxLength: 6 }),
);
const row: fc.Arbitrary<Row> = fc.record({
  id: fc.oneof(text, fc.jsonValue()),
  q: text,
  list: fc.array(text),
});

const uri = damaged(
  fc
    .array(
      fc.constantFrom(
        '{id}',
        '{+id}',
        '{/list*}',
        '{?q,id}',
        '{&q}',
        '{id:3}',
        '{;q}',
        '{#id}',
        '{.id}',
        String.raw`\{`,
      ),
      {
        maxLength: 4,
      },
    )
    .map((parts) => `http://h/${parts.join('a')}`),
  ['{', '}', '{id}', '\\', ',', ':', '*', '+', '?', '/', '#', '=', '1', 'id', '__proto__'],
);

fuzz('a URI template makes texts of rows, or is refused', fc.tuple(uri, row), ([template, row]) => {
  const made = orRejected(() => parseUriTemplate(template), /^--url: /s)?.expand(row);
  expect(['undefined', 'string', 'object']).toContain(typeof made);
  if (typeof made === 'object') {
    expect(made.code).toBe('INVALID_ROW');
  }
});

fuzz('values stay where the URL has their places', fc.tuple(text, text), ([id, q]) => {
  const made = parseUriTemplate('http://h/a/{id}/b{?q}{#id}').expand({ id, q });
  if (typeof made === 'string') {
    const url = new URL(made);
    expect(url.origin).toBe('http://h');
    expect(url.pathname.split('/').map(decodeURIComponent)).toEqual(['', 'a', id.toWellFormed(), 'b']);
    expect([...url.searchParams]).toEqual([['q', q.toWellFormed()]]);
  } else {
    expect(id).toMatch(/^\.{1,2}$/);
  }
});

const json = damaged(
  fc.constantFrom('{"a":{id},"b":"x{q}y"}', '[{list},{q}]', '{"{q}":1}', '{id}', String.raw`{"a":"\\{q}"}`),
  [...jsonPieces, '{id}', '{q}', '"{q}"', String.raw`\{`],
);

fuzz(
  'a JSON template makes JSON of any row, or is refused',
  fc.tuple(json, row, fc.boolean()),
  ([template, row, isTyped]) => {
    const columns = isTyped ? undefined : new Set(Object.keys(row));
    const texts = { json: template, data: undefined, header: [] };
    const made = orRejected(() => bodyTemplate(texts, { columns, isTyped }), /^--json: not valid JSON/);
    const body = made?.template.expand(row);
    if (typeof body === 'string') {
      expect(() => JSON.parse(body)).not.toThrow();
    }
  },
);

fuzz('values in JSON and forms are read as they were', fc.tuple(text, fc.jsonValue()), ([q, id]) => {
  const row = { q, id };
  const written = jsonTemplate('{"q":{q},"s":"<{q}>","id":{id}}', undefined, true).expand(row);
  expect(JSON.parse(textOf(written))).toEqual({ q, s: `<${q}>`, id: JSON.parse(JSON.stringify(id)) });
  const form = bodyTemplate(
    { json: undefined, data: 'q={q}&z=1', header: [] },
    { columns: undefined, isTyped: true },
  );
  expect([...new URLSearchParams(textOf(form?.template.expand(row)))]).toEqual([
    ['q', q.toWellFormed()],
    ['z', '1'],
  ]);
});

const header = damaged(fc.constantFrom('X-A: {q}', 'X-A:{id}-{q}', 'Cookie: a="{q}"', 'X-A: {{q}}'), [
  '{',
  '}',
  '\\',
  ':',
  ';',
  'q',
]);

fuzz('a value breaks out of no header field', fc.tuple(header, row), ([line, row]) => {
  const { headers, invalid } = expandFields(fieldTemplates([line], undefined), row);
  if (invalid === undefined && fieldValue.test(line)) {
    const values = Object.values(headers ?? {}).flat();
    values.forEach((value) => expect(value).toMatch(fieldValue));
  }
});

function textOf(made: unknown): string {
  return typeof made === 'string' ? made : expect.fail(JSON.stringify(made));
}
