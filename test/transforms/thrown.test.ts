import { expect, it } from 'vitest';
import { stackPlace } from '../../src/transforms/stack-place.ts';
import { thrownText } from '../../src/transforms/thrown.ts';

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** An error of which nothing can be read. */
function unreadable(): Error {
  const throwing = {
    get: () => {
      throw new Error('no');
    },
  };
  return Object.defineProperties(new Error('x'), { message: throwing, stack: throwing });
}

it.each<[string, unknown, string]>([
  ['an error', new TypeError('no good'), 'no good'],
  ['an error without a message', new TypeError(''), 'TypeError'],
  ['one of Node', Object.assign(new Error(''), { code: 'ECONNREFUSED' }), 'Error ECONNREFUSED'],
  ['a text', 'odd', 'odd'],
  ['an empty text', '', "''"],
  ['nothing', undefined, 'undefined'],
  ['a symbol', Symbol('s'), 'Symbol(s)'],
  ['an object with a message', { message: 'said' }, 'said'],
  ['an object of another kind', { code: 'E', message: { a: 'b' } }, "{ code: 'E', message: { a: 'b' } }"],
  ['an object that is no text', Object.create(null), '[Object: null prototype] {}'],
  ['a proxy', revoked(), 'something was thrown that cannot be read'],
  ['getters that throw', unreadable(), 'something was thrown that cannot be read'],
])('%s', (_, thrown, text) => {
  expect(thrownText(thrown)).toBe(text);
});

it('no place is told of what has none', () => {
  const odd = [revoked(), unreadable(), Object.assign(new Error('x'), { stack: [1] }), 5, null];
  expect(odd.map((thrown) => stackPlace(thrown, []))).toEqual(odd.map(() => undefined));
  const strange = Object.assign(new Error('x'), {
    stack: 'Error: x\n    at f (file:///else%2Fwhere.mjs:1:2)',
  });
  expect(stackPlace(strange, [])).toMatch(/else%2Fwhere\.mjs:1:2$/);
});
