import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/model/errors.ts';
import { parseExactJson } from '../../../src/model/json/exact-json.ts';
import { bodyTemplate } from '../../../src/sources/templates/body-template.ts';
import { expandFields, fieldTemplates } from '../../../src/sources/templates/field-templates.ts';
import { jsonTemplate } from '../../../src/sources/templates/json-template.ts';
import type { Row } from '../../../src/sources/rows/row.ts';
import type { TemplateTexts } from '../../../src/sources/templates/template-texts.ts';
import { splitText } from '../../../src/sources/templates/text-template.ts';

describe('what is a place', () => {
  it.each<[string, string]>([
    ['a {name} b', 'a <name> b'],
    ['{_a.b-c1}{Größe}', '<_a.b-c1><Größe>'],
    ['{}{ a }{1}{"a":1}{{x}', '{}{ a }{1}{"a":1}{<x>'],
    ['{First Name}', '<First Name>'],
    [String.raw`\{name\}`, '{name}'],
    [String.raw`\\{name}`, String.raw`\\<name>`],
    [String.raw`\n{name`, String.raw`\n{name`],
    ['', ''],
  ])('%s: %s', (text, shown) => {
    const parts = splitText(text, new Set(['name', 'First Name']));
    expect(parts.map((part) => (typeof part === 'string' ? part : `<${part.column}>`)).join('')).toBe(shown);
  });
});

describe('JSON', () => {
  function json(template: string, row: Row, isTyped = true): unknown {
    const result = jsonTemplate(template, undefined, isTyped).expand(row);
    return typeof result === 'string' ? result : result.message;
  }

  it.each<[string, Row, string]>([
    ['{"a":"{x}"}', { x: 'q"\\\n{y}' }, String.raw`{"a":"q\"\\\n{y}"}`],
    ['{"a":{x}}', { x: 'text' }, '{"a":"text"}'],
    ['{"a":{x},"b":"{x}"}', { x: '5' }, '{"a":"5","b":"5"}'],
    ['[{a},{b},{c}]', { a: true, b: null, c: { d: [1] } }, '[true,null,{"d":[1]}]'],
    ['{"a":"id-{x}"}', { x: 7 }, '{"a":"id-7"}'],
    ['{"a":"{x}"}', { x: { b: 'c' } }, String.raw`{"a":"{\"b\":\"c\"}"}`],
    [String.raw`{"a":"\"{x}\\","b":{x}}`, { x: 1 }, String.raw`{"a":"\"1\\","b":1}`],
    [String.raw`{"a":"\{x\}"}`, { x: 1 }, '{"a":"{x}"}'],
    ['{"a":{x}}', { x: '\ud800' }, String.raw`{"a":"\ud800"}`],
    ['{"a":{x}}', parseExactJson('{"x":12345678901234567890}') as Row, '{"a":12345678901234567890}'],
    ['{"a":{x}}', {}, 'there is no "x" in the row'],
    ['{"a":"{x}"}', { x: null }, '"x" has no value'],
  ])('%s with %j is %s', (template, row, text) => {
    expect(json(template, row)).toBe(text);
  });

  it.each(['0', '-1.5e+3', '12345678901234567890', 'true', 'false', 'null'])(
    '%s of CSV is itself',
    (text) => {
      expect(json('{x}', { x: text }, false)).toBe(text);
      expect(json('"{x}"', { x: text }, false)).toBe(`"${text}"`);
    },
  );

  it.each(['007', '+1', '1 ', ' 1', '.5', '1.', '0x10', 'NaN', 'True', '', '[1]', '{}', '"a"', '1\n', 'nul'])(
    '%j of CSV is text',
    (text) => {
      expect(json('{x}', { x: text }, false)).toBe(JSON.stringify(text));
    },
  );

  it('is JSON whatever the values are, and says what they are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
        const result = jsonTemplate('{"v":{v},"t":"<{t}>","u":{t}}', undefined, true).expand({
          v: value,
          t: text,
        });
        expect(JSON.parse(result as string)).toEqual({
          v: JSON.parse(JSON.stringify(value)),
          t: `<${text}>`,
          u: text,
        });
      }),
    );
  });
});

describe('bodies', () => {
  function body(texts: Partial<TemplateTexts>, row: Row): string | undefined {
    const shape = { columns: undefined, isTyped: true };
    const result = bodyTemplate(
      { json: undefined, data: undefined, header: [], ...texts },
      shape,
    )?.template.expand(row);
    return typeof result === 'object' ? result.message : result;
  }

  it.each<[string | undefined, string, string]>([
    [undefined, 'q={x}&y=1', 'q=a%26b%3D+%22%3C%C3%A9%3E%2B%0A%5C&y=1'],
    ['application/x-www-form-urlencoded; charset=utf-8', 'q={x}', 'q=a%26b%3D+%22%3C%C3%A9%3E%2B%0A%5C'],
    ['application/json', '{"q":"{x}"}', String.raw`{"q":"a&b= \"<é>+\n\\"}`],
    ['application/vnd.api+json;v=1', '{"q":{x}}', String.raw`{"q":"a&b= \"<é>+\n\\"}`],
    ['text/xml', '<q a="{x}"/>', '<q a="a&#38;b= &#34;&#60;é&#62;+\n\\"/>'],
    ['application/soap+xml', '<q>{x}</q>', '<q>a&#38;b= &#34;&#60;é&#62;+\n\\</q>'],
    ['text/plain', '{x}', 'a&b= "<é>+\n\\'],
  ])('of type %s: %s', (type, data, text) => {
    const header = type === undefined ? [] : [`content-type: ${type}`];
    expect(body({ data, header }, { x: 'a&b= "<é>+\n\\' })).toBe(text);
  });

  it('is none without a template', () => {
    expect(body({}, {})).toBeUndefined();
  });

  it.each([
    [{ json: '{"a":{x}' }, '--json: not valid JSON, whatever the values are: '],
    [{ json: '-{x}' }, '--json: not valid JSON, whatever the values are: '],
    [{ json: String.raw`"\u000{x}"` }, '--json: not valid JSON, whatever the values are: '],
    [{ data: '{x', header: ['Content-Type: application/json'] }, '--data: not valid JSON'],
  ])('%j is refused', (texts, message) => {
    expect(() => body(texts, {})).toThrow(UsageError);
    expect(() => body(texts, {})).toThrow(message);
  });
});

describe('header fields', () => {
  function fields(header: readonly string[], row: Row) {
    const { headers, invalid } = expandFields(fieldTemplates(header, undefined), row);
    return invalid?.message ?? headers;
  }

  it('are those whose lines have places, and the others of the same name', () => {
    const header = ['X-A: {x}', 'X-B: b', 'x-a: fixed', 'X-C:', 'X-D;', 'X-E:{y}-{x}'];
    expect(fields(header, { x: 'é', y: 2 })).toEqual({ 'X-A': ['é', 'fixed'], 'X-E': ['2-é'] });
    expect(fields(['X-B: b'], {})).toBeUndefined();
  });

  it.each(['a\r\nX-Admin: 1', 'a\nb', 'a\rb', 'a\0b', 'a\u007fb', '€', '😀'])(
    '%j cannot stand there',
    (x) => {
      expect(fields(['X-A: {x}'], { x })).toBe(
        'x cannot stand in a header field: it must be of Latin-1 characters without line breaks',
      );
    },
  );

  it('need their values', () => {
    expect(fields(['X-A: {x}'], {})).toBe('there is no "x" in the row');
    expect(fields(['X-A: {x}'], { x: null })).toBe('"x" has no value');
  });
});
