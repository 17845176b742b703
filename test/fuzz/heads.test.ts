import * as fc from 'fast-check';
import { expect } from 'vitest';
import { ResponseError } from '../../src/fetch/http/response-error.ts';
import { HeadParser, type ResponseHead } from '../../src/fetch/http/response-head.ts';
import { fieldValue, token } from '../../src/model/field.ts';
import { validAnswer } from '../fetch/http/reading/arbitrary.ts';
import { mutations } from '../fetch/http/reading/mutate.ts';
import { fuzz } from './fuzz.ts';

const head = validAnswer.map(({ text }) => text.slice(0, text.indexOf('\r\n\r\n')));
const broken = fc.tuple(head, mutations).map(([text, mutate]) => mutate(text));
/** Heads with much in common, as those of a server have. */
const series = fc
  .tuple(
    fc.array(fc.oneof(head, broken), { minLength: 1, maxLength: 3 }),
    fc.array(mutations, { maxLength: 4 }),
  )
  .map(([heads, changes]) => heads.flatMap((text) => [text, ...changes.map((mutate) => mutate(text)), text]));

fuzz('a head has sound fields or is refused, whatever heads came before it', series, (heads) => {
  const parser = new HeadParser();
  for (const text of heads) {
    const parsed = parse(parser, text);
    expect(parsed).toEqual(parse(new HeadParser(), text));
    for (const [name, value] of Object.entries(parsed?.headers ?? {})) {
      expect(name).toBe(name.toLowerCase());
      expect(name).toMatch(token);
      [value].flat().forEach((one) => expect(one).toMatch(fieldValue));
    }
  }
});

function parse(parser: HeadParser, text: string): ResponseHead | undefined {
  try {
    return parser.parse(text);
  } catch (error) {
    expect(error).toBeInstanceOf(ResponseError);
    return undefined;
  }
}
