import { describe, expect, it } from 'vitest';
import { productOf, rulesOf } from '../../../src/fetch/robots/rules.ts';
import { failure, type FailureCode } from '../../../src/model/failure.ts';

const origin = 'https://example.com';

function written(lines: readonly string[]) {
  return rulesOf(
    { status: 200, error: undefined, content: { form: 'text', text: lines.join('\n') } },
    origin,
  );
}

function allows(lines: readonly string[], path: string, product = 'mybot'): boolean {
  return written(lines).refusal(origin + path, product) === undefined;
}

describe('the examples of RFC 9309', () => {
  // 5.1
  const simple = [
    'User-Agent: *',
    'Disallow: *.gif$',
    'Disallow: /example/',
    'Allow: /publications/',
    '',
    'User-Agent: foobot',
    'Disallow:/',
    'Allow:/example/page.html',
    'Allow:/example/allowed.gif',
    '',
    'User-Agent: barbot',
    'User-Agent: bazbot',
    'Disallow: /example/page.html',
    '',
    'User-Agent: quxbot',
  ];

  it.each<[product: string, path: string, isAllowed: boolean]>([
    ['foobot', '/example/page.html', true],
    ['foobot', '/example/allowed.gif', true],
    ['foobot', '/example/other.html', false],
    ['foobot', '/', false],
    ['FooBot', '/', false],
    ['barbot', '/example/page.html', false],
    ['bazbot', '/example/page.html', false],
    ['barbot', '/anything.gif', true],
    ['quxbot', '/example/', true],
    ['other', '/a.gif', false],
    ['other', '/a.gif?x=1', true],
    ['other', '/example/', false],
    ['other', '/publications/', true],
  ])('%s, %s: %s', (product, path, isAllowed) => {
    expect(allows(simple, path, product)).toBe(isAllowed);
  });

  it('5.2: the longest match counts', () => {
    const lines = ['User-Agent: foobot', 'Allow: /example/page/', 'Disallow: /example/page/disallowed.gif'];
    expect(allows(lines, '/example/page/disallowed.gif', 'foobot')).toBe(false);
    expect(allows(lines, '/example/page/other.gif', 'foobot')).toBe(true);
  });
});

describe('what stands in it', () => {
  it.each<[what: string, lines: string[], path: string, isAllowed: boolean]>([
    ['nothing', [], '/', true],
    [
      'groups for one product are one',
      ['User-agent: mybot', 'Disallow: /a', 'User-agent: mybot', 'Disallow: /b'],
      '/a',
      false,
    ],
    ['of two that are as long, allow counts', ['User-agent: *', 'Disallow: /p', 'Allow: /p'], '/p', true],
    ['an empty Disallow allows all', ['User-agent: *', 'Disallow:'], '/', true],
    ['a comment', ['User-agent: * # all', 'Disallow: /a # this'], '/a', false],
    [
      'a line of another kind parts no group',
      ['User-agent: mybot', 'Sitemap: https://example.com/map', 'User-agent: b', 'Disallow: /'],
      '/',
      false,
    ],
    ['a byte order mark', ['\u{feff}User-agent: *', 'Disallow: /'], '/', false],
    ['octets and their escapes are the same', ['User-agent: *', 'Disallow: /ü'], '/%c3%bc', false],
    ['a query', ['User-agent: *', 'Disallow: /*?sort='], '/list?sort=up', false],
    ['a page of HTML', ['<!doctype html>', '<title>Not found: nothing</title>'], '/', true],
  ])('%s', (_, lines, path, isAllowed) => {
    expect(allows(lines, path)).toBe(isAllowed);
  });

  it('counts up to 500 KiB', () => {
    const filler = `# ${'x'.repeat(500 * 1024)}`;
    expect(allows(['User-agent: *', 'Disallow: /a', filler, 'Disallow: /b'], '/a')).toBe(false);
    expect(allows(['User-agent: *', 'Disallow: /a', filler, 'Disallow: /b'], '/b')).toBe(true);
  });

  it('does not count a line that is cut off there', () => {
    const head = `User-agent: *\n# ${'x'.repeat(500 * 1024 - 30)}\nDisallow: /`;
    expect(head.length).toBeLessThan(500 * 1024);
    expect(allows([`${head}${'a'.repeat(100)}`], '/b')).toBe(true);
  });

  it.each<[text: string, delayMs: number]>([
    ['2', 2_000],
    ['0.5', 500],
    ['86400', 300_000],
    ['-1', 0],
    ['soon', 0],
    ['Infinity', 300_000],
  ])('Crawl-delay: %s is %i ms', (text, delayMs) => {
    expect(written(['User-agent: mybot', `Crawl-delay: ${text}`]).delayOf('mybot')).toBe(delayMs);
  });
});

describe('what was answered instead', () => {
  const of = (status: number | undefined, code: FailureCode) =>
    rulesOf({ status, error: failure(code, 'why'), content: undefined }, origin).refusal(
      `${origin}/a`,
      'mybot',
    )?.code;

  it.each([400, 401, 403, 404, 410])('%i: everything is allowed', (status) => {
    expect(of(status, 'HTTP_STATUS')).toBeUndefined();
  });

  it.each([429, 500, 503])('%i: nothing is allowed', (status) => {
    expect(of(status, 'HTTP_STATUS')).toBe('ROBOTS_UNREACHABLE');
  });

  it.each<FailureCode>(['CONNECTION_REFUSED', 'TOTAL_TIMEOUT', 'BODY_TOO_LARGE', 'DECODE_FAILED'])(
    '%s: nothing is allowed',
    (code) => {
      expect(of(undefined, code)).toBe('ROBOTS_UNREACHABLE');
    },
  );

  it('a redirect without an end: everything is allowed', () => {
    expect(of(302, 'TOO_MANY_REDIRECTS')).toBeUndefined();
  });
});

it.each<[userAgent: string, product: string]>([
  ['bulkfetch/0.1.0', 'bulkfetch'],
  ['mybot/1.0 (+https://example.com/bot)', 'mybot'],
  ['My-Bot', 'My-Bot'],
  ['my bot', 'my'],
  ['', '*'],
])('%j is the product %s', (userAgent, product) => {
  expect(productOf({ method: 'GET', headers: ['User-Agent', userAgent], body: undefined })).toBe(product);
});
