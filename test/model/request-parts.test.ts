import { describe, expect, it } from 'vitest';
import { resolveOptions, type FetchOptions } from '../../src/model/options/options.ts';
import { fieldProblem, requestsOver, type RequestParts } from '../../src/model/request-parts.ts';
import { buildRequest } from '../../src/model/request.ts';

const over = (options: FetchOptions) => requestsOver(buildRequest(resolveOptions(options)));
const json = { kind: 'json', bytes: Buffer.from('{}') } as const;
const form = { kind: 'form', bytes: Buffer.from('a=1') } as const;
const drop = ['Accept-Encoding:', 'User-Agent:'];
const raw = { kind: 'raw', bytes: Buffer.from('x') } as const;

/** What is sent, without two fields that every request has. */
function sent(options: FetchOptions, own: RequestParts) {
  const { method, headers, body } = over({ header: drop, ...options })(own);
  const fields = headers.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${headers[at + 1]}`] : []));
  return { method, fields, body: body && String(body) };
}

describe('a request of its own', () => {
  it.each<{ options?: FetchOptions; own: RequestParts; expected: object }>([
    { own: {}, expected: { method: 'GET', fields: ['accept: */*'] } },
    { own: { method: 'DELETE' }, expected: { method: 'DELETE', fields: ['accept: */*'] } },
    {
      own: { body: json },
      expected: {
        method: 'POST',
        fields: ['accept: application/json', 'content-type: application/json'],
        body: '{}',
      },
    },
    {
      own: { body: form, method: 'PUT' },
      expected: {
        method: 'PUT',
        fields: ['accept: */*', 'content-type: application/x-www-form-urlencoded'],
        body: 'a=1',
      },
    },
    { own: { body: raw }, expected: { method: 'POST', fields: ['accept: */*'], body: 'x' } },
    {
      options: { method: 'PATCH' },
      own: { body: raw },
      expected: { method: 'PATCH', fields: ['accept: */*'], body: 'x' },
    },
    {
      options: { json: '{"a":1}' },
      own: { headers: { 'X-A': '1' } },
      expected: {
        method: 'POST',
        fields: ['accept: application/json', 'content-type: application/json', 'X-A: 1'],
        body: '{"a":1}',
      },
    },
    {
      options: { json: '{"a":1}' },
      own: { body: raw },
      expected: { method: 'POST', fields: ['accept: */*'], body: 'x' },
    },
    {
      options: { header: [...drop, 'Content-Type: application/vnd.api+json', 'Accept: text/html'] },
      own: { body: json },
      expected: {
        method: 'POST',
        fields: ['Accept: text/html', 'Content-Type: application/vnd.api+json'],
        body: '{}',
      },
    },
    {
      options: { header: [...drop, 'X-Key: all', 'X-Key: more', 'X-Other: o'] },
      own: { headers: { 'x-key': 'own', 'X-NEW': ['1', '2'] } },
      expected: { fields: ['accept: */*', 'x-key: own', 'X-Other: o', 'X-NEW: 1', 'X-NEW: 2'] },
    },
    {
      options: { header: [...drop, 'X-Key: all'] },
      own: { headers: { 'X-KEY': null, accept: null } },
      expected: { fields: [] },
    },
  ])('$own over $options', ({ options = {}, own, expected }) => {
    expect(sent(options, own)).toMatchObject(expected);
  });

  it('is that of all tasks when it says nothing', () => {
    const base = buildRequest(resolveOptions());
    expect(requestsOver(base)({})).toBe(base);
  });

  it('shares its fields with those that have the same', () => {
    const requestOf = over({});
    const one = requestOf({ headers: { a: '1' }, body: json });
    const other = requestOf({ headers: { a: '1' }, body: { kind: 'json', bytes: Buffer.from('[]') } });
    expect(other.headers).toBe(one.headers);
    expect(requestOf({ headers: { a: '2' }, body: json }).headers).not.toBe(one.headers);
    expect(requestOf({ headers: { a: '1' }, body: form }).headers).not.toBe(one.headers);
    expect(requestOf({ headers: { a: '1' } })).toBe(requestOf({ headers: { a: '1' } }));
  });

  it('may have its body in a file', () => {
    expect(over({ json: '{}' })({ body: { kind: 'raw', path: 'a.bin' } })).toMatchObject({
      method: 'POST',
      body: undefined,
      bodyFile: 'a.bin',
    });
  });
});

it.each([
  ['X-Key', 'ü', undefined],
  ['X-Key', 'a\r\nb: c', 'must be of Latin-1 characters without line breaks'],
  ['X-Key', '日本', 'must be of Latin-1 characters without line breaks'],
  ['X Key', '', 'is not the name of a header field'],
  ['Content-Length', '3', 'is set by bulkfetch itself'],
])('the field %s: %j', (name, value, problem) => {
  expect(fieldProblem(name, value)).toBe(problem);
});
