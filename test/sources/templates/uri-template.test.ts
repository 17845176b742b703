import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/model/errors.ts';
import { parseExactJson } from '../../../src/model/json/exact-json.ts';
import type { Row } from '../../../src/sources/rows/row.ts';
import { parseUriTemplate } from '../../../src/sources/templates/uri-template.ts';

/** The variables of RFC 6570, 3.2. */
const rfc: Row = {
  count: ['one', 'two', 'three'],
  dom: ['example', 'com'],
  dub: 'me/too',
  hello: 'Hello World!',
  half: '50%',
  var: 'value',
  who: 'fred',
  base: 'http://example.com/home/',
  path: '/foo/bar',
  list: ['red', 'green', 'blue'],
  keys: { semi: ';', dot: '.', comma: ',' },
  v: '6',
  x: '1024',
  y: '768',
  empty: '',
  empty_keys: {},
  undef: null,
};

function expand(template: string, row: Row): string {
  const result = parseUriTemplate(template).expand(row);
  return typeof result === 'string' ? result : `${result.code}: ${result.message}`;
}

describe('the examples of RFC 6570', () => {
  it.each([
    // 3.2.1
    ['{count}', 'one,two,three'],
    ['{count*}', 'one,two,three'],
    ['{/count}', '/one,two,three'],
    ['{/count*}', '/one/two/three'],
    ['{;count}', ';count=one,two,three'],
    ['{;count*}', ';count=one;count=two;count=three'],
    ['{?count}', '?count=one,two,three'],
    ['{?count*}', '?count=one&count=two&count=three'],
    ['{&count*}', '&count=one&count=two&count=three'],
    // 3.2.2
    ['{var}', 'value'],
    ['{hello}', 'Hello%20World%21'],
    ['{half}', '50%25'],
    ['O{empty}X', 'OX'],
    ['{x,y}', '1024,768'],
    ['{x,hello,y}', '1024,Hello%20World%21,768'],
    ['?{x,empty}', '?1024,'],
    ['{var:3}', 'val'],
    ['{var:30}', 'value'],
    ['{list}', 'red,green,blue'],
    ['{list*}', 'red,green,blue'],
    ['{keys}', 'semi,%3B,dot,.,comma,%2C'],
    ['{keys*}', 'semi=%3B,dot=.,comma=%2C'],
    // 3.2.3
    ['{+var}', 'value'],
    ['{+hello}', 'Hello%20World!'],
    ['{+half}', '50%25'],
    ['{base}index', 'http%3A%2F%2Fexample.com%2Fhome%2Findex'],
    ['{+base}index', 'http://example.com/home/index'],
    ['O{+empty}X', 'OX'],
    ['{+path}/here', '/foo/bar/here'],
    ['here?ref={+path}', 'here?ref=/foo/bar'],
    ['up{+path}{var}/here', 'up/foo/barvalue/here'],
    ['{+x,hello,y}', '1024,Hello%20World!,768'],
    ['{+path,x}/here', '/foo/bar,1024/here'],
    ['{+path:6}/here', '/foo/b/here'],
    ['{+list}', 'red,green,blue'],
    ['{+list*}', 'red,green,blue'],
    ['{+keys}', 'semi,;,dot,.,comma,,'],
    ['{+keys*}', 'semi=;,dot=.,comma=,'],
    // 3.2.4
    ['{#var}', '#value'],
    ['{#hello}', '#Hello%20World!'],
    ['foo{#empty}', 'foo#'],
    ['{#path,x}/here', '#/foo/bar,1024/here'],
    ['{#list*}', '#red,green,blue'],
    ['{#keys*}', '#semi=;,dot=.,comma=,'],
    // 3.2.5
    ['{.who}', '.fred'],
    ['{.half,who}', '.50%25.fred'],
    ['www{.dom*}', 'www.example.com'],
    ['X{.var:3}', 'X.val'],
    ['X{.empty}', 'X.'],
    ['X{.list}', 'X.red,green,blue'],
    ['X{.list*}', 'X.red.green.blue'],
    ['X{.keys*}', 'X.semi=%3B.dot=..comma=%2C'],
    // 3.2.6
    ['{/who}', '/fred'],
    ['{/half,who}', '/50%25/fred'],
    ['{/who,dub}', '/fred/me%2Ftoo'],
    ['{/var,empty}', '/value/'],
    ['{/var,x}/here', '/value/1024/here'],
    ['{/var:1,var}', '/v/value'],
    ['{/list*,path:4}', '/red/green/blue/%2Ffoo'],
    ['{/keys}', '/semi,%3B,dot,.,comma,%2C'],
    ['{/keys*}', '/semi=%3B/dot=./comma=%2C'],
    // 3.2.7
    ['{;who}', ';who=fred'],
    ['{;empty}', ';empty'],
    ['{;v,empty,who}', ';v=6;empty;who=fred'],
    ['{;v,bar,who}', ';v=6;who=fred'],
    ['{;x,y,undef}', ';x=1024;y=768'],
    ['{;hello:5}', ';hello=Hello'],
    ['{;list*}', ';list=red;list=green;list=blue'],
    ['{;keys}', ';keys=semi,%3B,dot,.,comma,%2C'],
    ['{;keys*}', ';semi=%3B;dot=.;comma=%2C'],
    // 3.2.8
    ['{?who}', '?who=fred'],
    ['{?x,y,empty}', '?x=1024&y=768&empty='],
    ['{?x,y,undef}', '?x=1024&y=768'],
    ['{?var:3}', '?var=val'],
    ['{?list*}', '?list=red&list=green&list=blue'],
    ['{?keys}', '?keys=semi,%3B,dot,.,comma,%2C'],
    ['{?keys*}', '?semi=%3B&dot=.&comma=%2C'],
    ['{?empty_keys*}', ''],
    // 3.2.9
    ['{&who}', '&who=fred'],
    ['?fixed=yes{&x}', '?fixed=yes&x=1024'],
    ['{&x,y,empty}', '&x=1024&y=768&empty='],
    ['{&list}', '&list=red,green,blue'],
    ['{&keys*}', '&semi=%3B&dot=.&comma=%2C'],
  ])('%s is %s', (template, url) => {
    expect(expand(template, rfc)).toBe(url);
  });
});

describe('values', () => {
  it.each<[string, Row, string]>([
    ['{n}/{b}', { n: 37.5, b: true }, '37.5/true'],
    ['{n}', parseExactJson('{"n":12345678901234567890}') as Row, '12345678901234567890'],
    ['{n*}', parseExactJson('{"n":[1.10]}') as Row, '1.10'],
    ['{name:1}', { name: '😀x' }, '%F0%9F%98%80'],
    ['{name}', { name: 'a\ud800b' }, 'a%EF%BF%BDb'],
    ['{+name}', { name: 'a%2Fb%zz%5B[' }, 'a%2Fb%25zz%5B['],
    ['{?First Name,Stra%C3%9Fe}', { 'First Name': 'a', 'Stra%C3%9Fe': 'b' }, '?First%20Name=a&Stra%C3%9Fe=b'],
    ['{?none}', { none: [] }, ''],
    ['{;keys*}', { keys: { a: '' } }, ';a'],
    ['{?list*}', { list: [null, 1] }, '?list=1'],
    [String.raw`\{id\}{id}`, { id: 1 }, '%7Bid%7D1'],
    ['{__proto__}', JSON.parse('{"__proto__":"own"}') as Row, 'own'],
  ])('%s with %j is %s', (template, row, url) => {
    expect(expand(template, row)).toBe(url);
  });
});

describe('a row that does not fit', () => {
  it.each<[string, Row, string]>([
    ['/{id}', {}, 'there is no "id" in the row'],
    ['/{constructor}', {}, 'there is no "constructor" in the row'],
    ['/{id}', { id: null }, '"id" has no value'],
    ['/{list*}', { list: [] }, '"list" has no value'],
    ['/{a}', { a: { b: { c: 1 } } }, 'a is a list or object that cannot stand in a URL'],
    ['/{list:2}', { list: ['a'] }, 'list is a list or object that cannot stand in a URL'],
    ['/users/{id}', { id: '..' }, 'a value is "." or "..", which cannot be a segment of a path'],
    ['/users/{id}{#id}', { id: '..' }, 'a value is "." or "..", which cannot be a segment of a path'],
    [
      '{+base}/users/{id}',
      { base: 'a/..', id: '.' },
      'a value is "." or "..", which cannot be a segment of a path',
    ],
    ['/users{/id}?x', { id: '.' }, 'a value is "." or "..", which cannot be a segment of a path'],
  ])('%s with %j: %s', (template, row, message) => {
    expect(expand(template, row)).toBe(`INVALID_ROW: ${message}`);
  });

  it.each<[string, Row, string]>([
    ['/users/{id}x', { id: '..' }, '/users/..x'],
    ['/users?q={id}', { id: '..' }, '/users?q=..'],
    ['/a/../{id}', { id: '..' }, '/a/../..'],
    ['/a/{+id}', { id: '../b' }, '/a/../b'],
    ['/a/..{?q}', { q: 1 }, '/a/..?q=1'],
  ])('dots are no danger in %s with %j', (template, row, url) => {
    expect(expand(template, row)).toBe(url);
  });
});

it('names all columns', () => {
  expect(parseUriTemplate('/{a}/{b:3}{?c*,d}').columns).toEqual(['a', 'b', 'c', 'd']);
});

it.each([
  '{id',
  'id}',
  '{}',
  '{?}',
  '{a,}',
  '{a:}',
  '{a:x}',
  '{a:0}',
  '{a:2*}',
  '{!a}',
  '{=a}',
  '{|a}',
  '{@a}',
  '{??a}',
  '{/?a}',
  '{a{b}}',
])('%s is no template', (template) => {
  expect(() => parseUriTemplate(template)).toThrow(UsageError);
  expect(() => parseUriTemplate(template)).toThrow(/^--url: .* in \{?.*RFC 6570/);
});
