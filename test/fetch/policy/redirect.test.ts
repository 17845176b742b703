import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextHop, type Hop, type RedirectInput } from '../../../src/fetch/policy/redirect.ts';
import type { RequestSpec } from '../../../src/model/task.ts';

const body = Buffer.from('{}');
const fields = {
  Accept: '*/*',
  'accept-encoding': 'gzip',
  'Accept-Language': 'de',
  'user-agent': 'bulkfetch',
  'Content-Type': 'application/json',
  'Content-Encoding': 'identity',
  Authorization: 'Basic eA==',
  Cookie: 'a=b',
  'Proxy-Authorization': 'x',
  'X-Api-Key': 'secret',
  Host: 'virtual',
};
const request: RequestSpec = { method: 'POST', headers: Object.entries(fields).flat(), body };
const plain: RequestSpec = {
  method: 'GET',
  headers: ['accept', '*/*', 'x-api-key', 'secret'],
  body: undefined,
};
const found: RedirectInput = {
  status: 302,
  location: '/b',
  url: 'https://a.example/x/y?q=1',
  request: plain,
  hops: 0,
};

function hopOf(change: Partial<RedirectInput>): Hop {
  const hop = nextHop({ ...found, ...change }, 10);
  if (hop === undefined || 'kind' in hop) {
    throw new Error(`no hop: ${JSON.stringify(hop)}`);
  }
  return hop;
}

function codeOf(change: Partial<RedirectInput>, maxRedirs = 10): string | undefined {
  const hop = nextHop({ ...found, ...change }, maxRedirs);
  return hop !== undefined && 'kind' in hop ? hop.code : undefined;
}

function namesOf(request: RequestSpec): string[] {
  return request.headers.filter((_, at) => at % 2 === 0);
}

describe('nextHop', () => {
  it.each([200, 204, 300, 304, 305, 306, 309, 404])('leaves %i as it is', (status) => {
    expect(nextHop({ ...found, status }, 10)).toBeUndefined();
  });

  it.each([
    ['/b', 'https://a.example/b'],
    ['b', 'https://a.example/x/b'],
    ['../b', 'https://a.example/b'],
    ['?q=2', 'https://a.example/x/y?q=2'],
    ['//b.example', 'https://b.example/'],
    ['http://B.example:80/c d', 'http://b.example/c%20d'],
    [' /b ', 'https://a.example/b'],
    ['/b#part', 'https://a.example/b'],
    ['#part', 'https://a.example/x/y?q=1'],
    ['https://user:secret@b.example/', 'https://b.example/'],
    [Buffer.from('/é').toString('latin1'), 'https://a.example/%C3%A9'],
    ['/\u00e9', 'https://a.example/%C3%A9'],
  ])('resolves %j to %s', (location, url) => {
    const hop = hopOf({ location });
    expect(hop.url).toBe(url);
    expect(hop.origin).toBe(new URL(url).origin);
    expect(namesOf(hop.request)).not.toContain('authorization');
  });

  it.each([
    undefined,
    '',
    '  ',
    'http://',
    'https://a b/',
    'mailto:a@b',
    'file:///etc/passwd',
    'javascript:1',
  ])('refuses Location %j', (location) => {
    expect(codeOf({ location })).toBe('BAD_LOCATION');
  });

  it('refuses the hop after the last allowed one', () => {
    expect(codeOf({ hops: 1 }, 2)).toBeUndefined();
    expect(codeOf({ hops: 2 }, 2)).toBe('TOO_MANY_REDIRECTS');
  });

  it('takes a redirect for the answer when none is allowed', () => {
    expect(nextHop(found, 0)).toBeUndefined();
    expect(nextHop({ ...found, location: undefined }, 0)).toBeUndefined();
  });

  it.each([
    [301, 'GET', 'GET'],
    [301, 'HEAD', 'HEAD'],
    [301, 'POST', 'GET'],
    [301, 'PUT', 'PUT'],
    [302, 'POST', 'GET'],
    [302, 'PATCH', 'PATCH'],
    [303, 'GET', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [303, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [307, 'POST', 'POST'],
    [308, 'POST', 'POST'],
    [308, 'DELETE', 'DELETE'],
  ])('%i makes %s %s', (status, method, expected) => {
    const hop = hopOf({ status, request: { ...request, method } });
    expect(hop.request.method).toBe(expected);
    expect(hop.request.body).toBe(method === expected ? body : undefined);
    expect(namesOf(hop.request).includes('Content-Type')).toBe(method === expected);
  });

  it('keeps every other field within an origin', () => {
    const { headers } = hopOf({ status: 303, request }).request;
    expect(headers).toEqual(
      Object.entries(fields)
        .filter(([name]) => !name.startsWith('Content-'))
        .flat(),
    );
    expect(hopOf({ request: plain }).request).toBe(plain);
  });

  it.each([
    ['another host', 'https://b.example/'],
    ['a subdomain', 'https://www.a.example/'],
    ['another port', 'https://a.example:8443/'],
    ['http instead of https', 'http://a.example/'],
  ])('keeps secrets from %s', (_, location) => {
    const kept = ['Accept', 'accept-encoding', 'Accept-Language', 'user-agent'];
    expect(namesOf(hopOf({ location, request }).request)).toEqual(kept);
    expect(namesOf(hopOf({ status: 307, location, request }).request)).toEqual([
      ...kept,
      'Content-Type',
      'Content-Encoding',
    ]);
  });

  it('leads from any Location to an http or https URL, or nowhere', () => {
    const location = fc.oneof(
      fc.webUrl({ withFragments: true }),
      fc.webPath(),
      fc.string({ unit: 'binary-ascii' }),
    );
    fc.assert(
      fc.property(location, (location) => {
        const hop = nextHop({ ...found, location }, 10);
        if (hop !== undefined && !('kind' in hop)) {
          expect(new URL(hop.url).href).toBe(hop.url);
          expect(hop.url).toMatch(/^https?:[^#]*$/);
        }
        expect(hop).toBeDefined();
      }),
    );
  });
});
