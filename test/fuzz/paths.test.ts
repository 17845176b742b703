import * as fc from 'fast-check';
import { expect } from 'vitest';
import { nextPage } from '../../src/fetch/pages/next-page.ts';
import { fieldsLine } from '../../src/model/fields-line.ts';
import { nestsTooDeep } from '../../src/model/json/nesting.ts';
import { parseNextRule } from '../../src/model/options/next-rule.ts';
import { parsePath, valueAt } from '../../src/model/json/path.ts';
import { FetchRecord } from '../../src/model/record.ts';
import { createTask } from '../../src/model/task.ts';
import { isFailure } from '../../src/model/url.ts';
import { request } from '../sources/settings.ts';
import { damaged } from './damage.ts';
import { fuzz } from './fuzz.ts';
import { jsonPieces, jsonText } from './json-text.ts';
import { page } from './page.ts';

const pathPieces = [
  '.',
  '[',
  ']',
  '"',
  "'",
  '\\',
  '$',
  '0',
  '-',
  ' ',
  ',',
  '{',
  '}',
  '=',
  '&',
  '\\u00e9',
  'a',
  '[0]',
];
const path = damaged(
  fc.constantFrom('$.next', '$.a[0]["b c"]', "$['a']", '$', '$.a.b', '$[-1]', '$.__proto__'),
  pathPieces,
);
const part = fc.oneof(fc.string({ unit: 'binary' }), fc.integer({ min: -9, max: 9 }));

fuzz('a path leads somewhere or nowhere in any value', fc.tuple(path, fc.jsonValue()), ([text, value]) => {
  const found = valueAt(value, parsePath(text) ?? []);
  expect(found === undefined || JSON.stringify(value).includes(JSON.stringify(found))).toBe(true);
});

fuzz('a normalized path (RFC 9535, 2.7) is read as what it was made of', fc.array(part), (parts) => {
  fc.pre(parts.every((one) => typeof one === 'number' || one.isWellFormed()));
  const text = parts.map((one) => `[${typeof one === 'number' ? one : quoted(one)}]`).join('');
  expect(parsePath(`$${text}`)).toEqual(parts);
});

const rule = fc.oneof(
  path,
  damaged(fc.constantFrom('cursor={$.next}', 'a={$.a}&b={$["}"]}', 'link'), pathPieces),
);
const body = damaged(
  fc.oneof(
    jsonText,
    fc.jsonValue().map((next) => JSON.stringify({ next, a: [{ 'b c': 'http://h.example/2' }] })),
  ),
  [...jsonPieces, '"next":', '12345678901234567890'],
);
const task = createTask(0, undefined, 'http://h.example/items?page=1', request);

fuzz(
  'a rule is none, or any body leads by it to a URL, a failure, or nowhere',
  fc.tuple(rule, body),
  ([text, json]) => {
    const rule = parseNextRule(text);
    if (rule !== undefined) {
      const found = nextPage(rule, page({ content: { form: 'json', text: json } }), task);
      const target = found !== undefined && 'target' in found ? found.target : found;
      if (target !== undefined) {
        expect(isFailure(target) ? target.code : target.url).toMatch(/^(?:BAD_NEXT$|https?:\/\/[^@/?#]+\/)/);
      }
    }
  },
);

fuzz('a field of any JSON body stands in a line of JSON', fc.tuple(path, jsonText), ([text, json]) => {
  const path = parsePath(text);
  if (path !== undefined) {
    const lineOf = fieldsLine([{ key: text, name: 'body', path }], false);
    const line = lineOf(new FetchRecord(page({ content: { form: 'json', text: json } })));
    expect(line.endsWith('\n') && line.indexOf('\n') === line.length - 1).toBe(true);
    expect(Object.keys(Object(JSON.parse(line)))).toEqual(
      valueAt(nestsTooDeep(json) && path.length > 0 ? undefined : JSON.parse(json), path) === undefined
        ? []
        : [text],
    );
  }
});

function quoted(name: string): string {
  return `'${JSON.stringify(name).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
