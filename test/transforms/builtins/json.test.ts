import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusal, resultOf, through } from './through.ts';
import { moduleOf } from '../modules.ts';

const users = '{"users":[{"name":"Ada","age":36},{"name":"Bob","age":7}],"next":null}';

it.each<[string, unknown]>([
  ['users[*].name', ['Ada', 'Bob']],
  ['users[?age > `18`].name | [0]', 'Ada'],
  ['length(users)', 2],
  ['{n: users[0].name, last: users[-1].age}', { n: 'Ada', last: 7 }],
  ['sort_by(users, &age)[].name', ['Bob', 'Ada']],
  ["users[?name == 'Bob'] | [0].age", 7],
  ['users[0:1].name | [0]', 'Ada'],
  ['`{"type":"Function","name":"x"}`.name', 'x'],
  ['next', null],
  ['nothing.at.all', null],
  ['users[?age > `99`]', []],
])('%s', async (expression, expected) => {
  expect(await resultOf([`json:${expression}`], users)).toEqual(expected);
});

describe('what it looks at', () => {
  it('the body, whatever its type says and --body shows', async () => {
    const text = await through(['json:a'], '\ufeff{"a":"ü"}', { contentType: 'text/plain' });
    expect(text).toMatchObject({ result: 'ü', body: '{"a":"ü"}' });
    const bytes = await through(['json:a'], '{"a":1}', { contentType: 'application/octet-stream' });
    expect(bytes).toMatchObject({ result: 1, bodyEncoding: 'base64' });
  });

  it.each([
    ['5', '@', 5],
    ['"x"', '@', 'x'],
    ['null', '@', null],
    ['[]', '[0]', null],
  ])('a body of %s', async (body, expression, expected) => {
    expect(await resultOf([`json:${expression}`], body)).toBe(expected);
  });

  it('the result of the transform before, also when that has found nothing', async () => {
    expect(await resultOf(['json:users', 'json:[0].name'], users)).toBe('Ada');
    expect(await resultOf(['json:next', 'json:users'], users)).toBeNull();
    expect(await resultOf(['csv', 'json:[].b'], 'a,b\n1,2\n3,4\n')).toEqual(['2', '4']);
  });

  it('the body that a module has made, as an object or as text', async () => {
    const parsed = moduleOf('export default (record) => ({ ...record, body: { a: 1 } });');
    expect(await resultOf([parsed, 'json:a'], users)).toBe(1);
    const wrapped = moduleOf('export default (record) => ({ ...record, body: record.body.slice(3, -1) });');
    expect(await resultOf([wrapped, 'json:a'], 'cb({"a":2})')).toBe(2);
  });
});

it.each([
  ['<html>', 'the body is no JSON: Unexpected token \'<\', "<html>" is not valid JSON'],
  ['', 'there is no body, and so no JSON'],
  [Uint8Array.of(0x22, 0xff, 0x22), 'the body is no JSON: it is not UTF-8 text'],
])('no JSON: %j', async (body, problem) => {
  await expect(resultOf(['json:a'], body)).rejects.toThrow(`TRANSFORM_FAILED: json:a: ${problem}`);
});

it('a function that cannot take what it is given costs the record', async () => {
  await expect(resultOf(['json:length(next.x || `1`)'], users)).rejects.toThrow(
    /^TRANSFORM_FAILED: json:length\(.*: Invalid type: length\(\) expected argument 1/,
  );
});

it('finds only what is in the body, not what objects of JavaScript have', async () => {
  for (const name of ['constructor', 'toString', '"__proto__"', 'o.hasOwnProperty', 'l[0].valueOf']) {
    expect(await resultOf([`json:${name}`], '{"o":{},"l":[{}]}')).toBeNull();
  }
  const own = '{"constructor":1,"o":{"__proto__":{"x":2}}}';
  expect(await resultOf(['json:[constructor, o."__proto__".x, length(o)]'], own)).toEqual([1, 2, 1]);
});

describe('expressions that are wrong', () => {
  it.each([
    ['', "must have an expression, as in 'json:items[].name'"],
    [' ', "must have an expression, as in 'json:items[].name'"],
    ['a..b', 'unexpected ".b" at character 3'],
    ['a[?b==]', 'unexpected "]" at character 7'],
    ['a b', 'unexpected "b" at character 3'],
    ['a.EOF EOF', 'unexpected "EOF" at character 7'],
    ['a | ) b', 'unexpected ") b" at character 5'],
    ['a[b]', 'unexpected "b]" at character 3'],
    ['{a: b, }', 'unexpected "}" at character 8'],
    ['"a"(b)', 'unexpected "(b)" at character 4'],
    ['a # comment', 'unexpected "# comment" at character 3'],
    ['a."b', 'unexpected "\\"b" at character 3'],
    ['a == `{x`', 'unexpected "`{x`" at character 6'],
    ["a == 'it\\'s", `unexpected "'it\\\\'s" at character 6`],
    ["a['", `unexpected "'" at character 3`],
    [
      'an_expression_that.is_long && ]]]]]]]]]]]]]]]]]]]]]]]]',
      'unexpected "]]]]]]]]]]]]]]]]]]]]" at character 31',
    ],
    ['a.b[', 'the expression ends too early, after character 4'],
    ['length(a', 'the expression ends too early, after character 8'],
    ['a && ', 'the expression ends too early, after character 5'],
    ['lenght(a)', 'no function is called "lenght" (did you mean length?)'],
    ['a[].{b: [foo(c)]}', 'no function is called "foo": there are abs, avg, '],
    ['length(@, @)', 'length() takes 1 argument but received 2'],
    ['a[].{b: length()}', 'length() takes 1 argument but received 0'],
    ['contains(a)', 'contains() takes at least 2 arguments but received 1'],
    ['not_null()', 'not_null() takes at least 1 argument but received 0'],
    ['[&a]', '& stands before arguments of functions only, as in sort_by(items, &age)'],
    ['a[?b = c]', '= stands in let expressions only: to compare, write =='],
  ])('%s', async (expression, problem) => {
    const message = await refusal(`json:${expression}`);
    expect(message?.slice(0, `--transform: json:${expression}: ${problem}`.length)).toBe(
      `--transform: json:${expression}: ${problem}`,
    );
  });

  it('none is taken for a fault of this program, and each has its place', async () => {
    const words = [
      'a',
      '"b"',
      "'c'",
      '`1`',
      '[',
      ']',
      '[?',
      '[]',
      '(',
      ')',
      '{',
      '}',
      '.',
      ',',
      ':',
      '|',
      '||',
    ]
      .concat([
        '&&',
        '&',
        '!',
        '==',
        '<',
        '*',
        '@',
        '$',
        '$x',
        'let',
        'in',
        '=',
        '-',
        '1',
        '?',
        '#',
        "'",
        '"',
        '`',
      ])
      .concat([' ', 'length(']);
    const expressions = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(expressions, async (parts) => {
        const text = parts.join('');
        const message = await refusal(`json:${text}`);
        const place = /: (?:unexpected .* at|the expression ends too early, after) character (\d+)$/s.exec(
          message ?? '',
        );
        if (place !== null) {
          expect(Number(place[1])).toBeGreaterThanOrEqual(1);
          expect(Number(place[1])).toBeLessThanOrEqual(text.length);
        } else if (message !== undefined) {
          expect(message).toMatch(
            /no function is called|\(\) takes|stands (?:before|in)|must have an expression/,
          );
        }
      }),
      { numRuns: 1000 },
    );
  });
});
