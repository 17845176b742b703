import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { promiseProblem, writeJson } from '../../../src/model/json/unwritable.ts';

const circular: Record<string, unknown> = { a: [1] };
circular['b'] = [circular];
const promise = Promise.resolve(1);
const deep = '['.repeat(20_000) + ']'.repeat(20_000);

describe('writeJson', () => {
  it.each<[string, unknown, string]>([
    ['a promise', promise, 'field `x` holds a promise: is an `await` missing?'],
    ['one inside', { a: [0, { b: promise }] }, 'field `x.a[1].b` holds a promise: is an `await` missing?'],
    [
      'one that toJSON gives',
      { toJSON: () => [promise] },
      'field `x[0]` holds a promise: is an `await` missing?',
    ],
    ['a bigint', [1n], 'field `x[0]` is a bigint, which JSON has no form for: make text of it'],
    ['a function', { f: () => 1 }, 'field `x.f` is a function, which JSON has no form for'],
    ['a symbol', { s: Symbol('s') }, 'field `x.s` is a symbol, which JSON has no form for'],
    ['a Map', new Map(), 'field `x` is a Map, which JSON has no form for: make an object of it'],
    ['a Set', [new Set()], 'field `x[0]` is a Set, which JSON has no form for: make a list of it'],
    [
      'bytes',
      { b: new Uint8Array(1) },
      'field `x.b` is made of bytes, which JSON has no form for: make text of them, such as base64',
    ],
    ['a circle', circular, 'field `x.b[0]` is circular'],
    ['a depth', JSON.parse(deep), 'field `x` nests too deep for JSON'],
    [
      'what throws',
      {
        get a() {
          throw new Error('not now\nat all');
        },
      },
      'field `x` cannot be JSON: not now',
    ],
  ])('refuses %s', (_, value, problem) => {
    expect(writeJson('x', value)).toEqual({ problem });
  });

  it('else says what JSON.stringify says', () => {
    fc.assert(
      fc.property(fc.anything({ withDate: true, withNullPrototype: true }), (value) => {
        expect(writeJson('x', value)).toEqual({ json: JSON.stringify(value) });
      }),
    );
  });

  it('finds a promise wherever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.array(fc.nat(3), { maxLength: 6 }), (value, way) => {
        expect(writeJson('x', planted(value, way))).toEqual({
          problem: expect.stringMatching(/^field `x.*` holds a promise: is an `await` missing\?$/s),
        });
      }),
    );
  });
});

describe('promiseProblem', () => {
  it('tells of promises alone', () => {
    expect(promiseProblem('meta', { a: [promise] })).toBe(
      'field `meta.a[0]` holds a promise: is an `await` missing?',
    );
    for (const value of [undefined, null, 1, 'text', { a: 1n }, { f: () => 1 }, circular, new Map()]) {
      expect(promiseProblem('meta', value)).toBe(undefined);
    }
  });
});

/** A copy of the value in which a promise stands somewhere. */
function planted(value: unknown, way: readonly number[]): unknown {
  const copy: unknown = structuredClone(value);
  let at = copy;
  for (const step of typeof at === 'object' && at !== null ? way : []) {
    const keys = Object.keys(Object(at) as object);
    const key = keys[step % Math.max(1, keys.length)];
    const next: unknown = key === undefined ? undefined : Reflect.get(at as object, key);
    if (key === undefined || typeof next !== 'object' || next === null) {
      break;
    }
    at = next;
  }
  if (typeof at !== 'object' || at === null) {
    return promise;
  }
  if (Array.isArray(at)) {
    at.push(promise);
  } else {
    Object.assign(at, { planted: promise });
  }
  return copy;
}
