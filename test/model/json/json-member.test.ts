import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { memberText } from '../../../src/model/json/json-member.ts';

it.each([
  ['{"a":1}', '1'],
  ['{"a":12345678901234567890}', '12345678901234567890'],
  ['{ "x" : {"a":1} , "a" : [ 1,{"b":"]"} ] }', '[ 1,{"b":"]"} ]'],
  ['{"a":"q\\"}","b":2}', '"q\\"}"'],
  ['{"a":"\\\\","b":2}', '"\\\\"'],
  ['{"\\u0061":true}', 'true'],
  ['{"a":1,"a":{"2":0,"1":0}}', '{"2":0,"1":0}'],
  ['{"b":"\\"a\\":1"}', undefined],
  ['{"b":{"a":1},"c":[{"a":2}]}', undefined],
  ['{}', undefined],
  ['\n{\t"a"\r\n:\t-1.5e3\n}\n', '-1.5e3'],
])('finds the text of a in %j', (text, expected) => {
  expect(memberText(text, 'a')).toBe(expected);
});

it('finds what JSON.parse finds', () => {
  const member = fc.tuple(fc.constantFrom('a', 'b', '"', '\\', 'a"'), fc.jsonValue());
  const space = fc.constantFrom('', ' ', 2);
  fc.assert(
    fc.property(fc.array(member, { maxLength: 4 }), space, (members, space) => {
      const value = Object.fromEntries(members);
      const text = memberText(JSON.stringify(value, undefined, space), 'a');
      expect(text === undefined ? undefined : JSON.parse(text)).toEqual(
        'a' in value ? JSON.parse(JSON.stringify(value.a)) : undefined,
      );
    }),
  );
});
