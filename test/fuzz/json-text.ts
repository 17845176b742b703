import * as fc from 'fast-check';

/** JSON texts on one line, with numbers that a double does not hold, and some that nest very deep. */
export const jsonText: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: fc.jsonValue().map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.constantFrom('12345678901234567890', '[1.0]', '{"a":1e400}', '{"a":-0}') },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.integer({ min: 400, max: 20_000 }), fc.constantFrom(['[', ']'], ['{"a":', '}']))
      .map(
        ([depth, [open, close]]) => open.repeat(depth) + '[1.0,12345678901234567890]' + close.repeat(depth),
      ),
  },
);

/** What has a meaning in JSON. */
export const jsonPieces = [
  ...'{}[]:,"\\-+.0189eE u'.split(''),
  'true',
  'null',
  '\\u00e9',
  '\\ud800',
  '\\n',
  '{"a":',
  '"__proto__":',
  '1e999',
];
