import * as fc from 'fast-check';
import { expect } from 'vitest';
import { ChunkedDecoder } from '../../src/fetch/http/chunked.ts';
import { ResponseError } from '../../src/fetch/http/response-error.ts';
import { cut } from '../fetch/http/reading/arbitrary.ts';
import { damaged } from './damage.ts';
import { fuzz } from './fuzz.ts';

const data = fc.string({
  unit: fc.constantFrom('a', '\r\n', '0\r\n\r\n', ';', '\xff'),
  minLength: 1,
  maxLength: 9,
});
const extension = fc.constantFrom('', '', ';a', ';a=b', '; a = "b;\\"c"', ' ');
const trailers = fc.constantFrom('', '', 'a: b\r\n', 'a:\r\nContent-Length: 5\r\n');
const pieces = [
  '\r\n',
  '\r',
  '\n',
  '0',
  '5',
  'f',
  '-',
  '+',
  ' ',
  ';',
  '=',
  '"',
  '\\',
  ':',
  'a: b\r\n',
  '0\r\n\r\n',
];
const chunked = damaged(
  fc
    .tuple(fc.array(fc.tuple(data, extension), { maxLength: 4 }), extension, trailers)
    .map(
      ([chunks, last, trailer]) =>
        chunks.map(([text, more]) => `${text.length.toString(16)}${more}\r\n${text}\r\n`).join('') +
        `0${last}\r\n${trailer}\r\n`,
    ),
  pieces,
);

fuzz(
  'a chunked body, however broken, is decoded the same however it is cut',
  fc.tuple(chunked, fc.array(fc.nat(200), { maxLength: 6 })),
  ([text, cuts]) => {
    const whole = decode([text]);
    expect(decode(cut(text, cuts))).toEqual(whole);
    expect(whole.body.length).toBeLessThanOrEqual(text.length);
  },
);

/** What comes out, and where it ended: -1, not at all. */
function decode(texts: readonly string[]): { body: string; end: number; refused?: string } {
  const decoder = new ChunkedDecoder();
  let [body, end] = ['', 0];
  try {
    for (const text of texts) {
      const bytes = Buffer.from(text, 'latin1');
      end += decoder.read(bytes, 0, { onBody: (piece) => (body += piece.toString('latin1')) });
      bytes.fill(0xa5);
      if (decoder.isDone) {
        return { body, end };
      }
    }
    return { body, end: -1 };
  } catch (error) {
    expect(error).toBeInstanceOf(ResponseError);
    return { body, end: -1, refused: String(error) };
  }
}
