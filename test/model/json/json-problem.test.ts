import { expect, it } from 'vitest';
import { jsonProblem } from '../../../src/model/json/json-problem.ts';

it.each([
  ['{"a": s3cret}', "Unexpected token 's'"],
  ['{"a": s3cret-s3cret-s3cret-s3cret-s3cret}', "Unexpected token 's'"],
  ['{"a": "s3cret", "b": }, "c": "s3cret s3cret s3cret"}', "Unexpected token '}'"],
  ['{"a": "s3cret", "s3cret-s3cret-s3cret": }', "Unexpected token '}'"],
  ['\n\n{"a": s3cret\n}', "Unexpected token 's'"],
  ['{"a": 1', "Expected ',' or '}' after property value in JSON at position 7 (line 1 column 8)"],
  ['f\ralse', String.raw`Unexpected token '\r'`],
  ['', 'Unexpected end of JSON input'],
])('%j: %s', (text, problem) => {
  try {
    JSON.parse(text);
    expect.fail('it is JSON');
  } catch (error) {
    expect(jsonProblem(error)).toBe(problem);
  }
});
