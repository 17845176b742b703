import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsv, type CsvRow } from '../../../src/sources/rows/csv.ts';

/** The rows of a text that comes in pieces of so many bytes. */
async function rows(text: string | Uint8Array, pieceBytes = 1 << 20, delimiter = ','): Promise<CsvRow[]> {
  async function* chunks() {
    const bytes = Buffer.from(text);
    const piece = Buffer.alloc(pieceBytes);
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      yield piece.subarray(0, bytes.copy(piece, 0, at)); // each overwrites the last, as with files
    }
  }
  const all: CsvRow[] = [];
  for await (const batch of readCsv({ name: 'a.csv', chunks: chunks() }, delimiter)) {
    all.push(...batch);
  }
  return all;
}

const good = (line: number, ...fields: string[]) => ({ line, fields });
const bad = (line: number, text: string, problem: string) => ({ line, fields: [text], problem });
const loose = 'a field with a quote in it must stand in quotes, and the quote be doubled';
const inner = 'a quote in a quoted field must be doubled';
const open = 'a quote is not closed';

const texts: Record<string, readonly [text: string, ...CsvRow[]]> = {
  'plain rows': ['a,b\n1,2\n', good(1, 'a', 'b'), good(2, '1', '2')],
  'no line end at the end': ['a,b\n1,', good(1, 'a', 'b'), good(2, '1', '')],
  'line ends of Windows, and both': ['a\r\n1\n2\r\n', good(1, 'a'), good(2, '1'), good(3, '2')],
  'a byte order mark before a quote': ['\uFEFF"a",b\n1,2', good(1, 'a', 'b'), good(2, '1', '2')],
  'commas, quotes and line breaks in quotes': [
    '"a,","""b"""\r\n"1\r\n2","3\n\n4"\r\n5,6',
    good(1, 'a,', '"b"'),
    good(2, '1\r\n2', '3\n\n4'),
    good(6, '5', '6'),
  ],
  'no comments': ['#a,b\n#1,2', good(1, '#a', 'b'), good(2, '#1', '2')],
  'blank lines': ['\n a,b\n\n  \n1,2\n\n', good(2, ' a', 'b'), good(5, '1', '2')],
  'characters beyond ASCII': ['ä,€\n😀,"ß\n"', good(1, 'ä', '€'), good(2, '😀', 'ß\n')],
  'rows of any length': ['a,b\n1\n1,2,3', good(1, 'a', 'b'), good(2, '1'), good(3, '1', '2', '3')],
  'a stray quote': ['a,b\n1,x"y\n2,z', good(1, 'a', 'b'), bad(2, '1,x"y', loose), good(3, '2', 'z')],
  'a quote that is not doubled': ['a\r\n"x"y"\r\n1', good(1, 'a'), bad(2, '"x"y"', inner), good(3, '1')],
  'a quote that is not closed before another': [
    'a,b\n1,"x\n2,"y"\n3,z\n',
    good(1, 'a', 'b'),
    bad(2, '1,"x', inner),
    good(3, '2', 'y'),
    good(4, '3', 'z'),
  ],
  'a quote that is never closed': [
    'a\n"x\n1\n2\n',
    good(1, 'a'),
    bad(2, '"x', open),
    good(3, '1'),
    good(4, '2'),
  ],
  'a bad row at the end': ['a\nx"y', good(1, 'a'), bad(2, 'x"y', loose)],
  nothing: [''],
};

describe.each([1, 2, 5, 1 << 20])('in pieces of %i bytes', (pieceBytes) => {
  it.each(Object.entries(texts))('%s', async (_, [text, ...expected]) => {
    expect(await rows(text, pieceBytes)).toEqual(expected);
  });
});

it('reads what a writer of RFC 4180 writes', async () => {
  const field = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r\n', ' ', 'é', '😀') });
  const table = fc.array(fc.tuple(fc.constant('id'), field, field), { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(table, fc.integer({ min: 1, max: 40 }), async (lines, pieceBytes) => {
      const quoted = lines.map((fields) => fields.map((one) => `"${one.replaceAll('"', '""')}"`).join(','));
      const read = await rows(quoted.join('\r\n'), pieceBytes);
      expect(read.map(({ fields }) => fields)).toEqual(lines);
      const ends = quoted.map((line) => line.split('\n').length);
      expect(read.map(({ line }) => line)).toEqual(
        ends.map((_, at) => 1 + ends.slice(0, at).reduce((a, b) => a + b, 0)),
      );
    }),
    { numRuns: 50 },
  );
});

it('takes tabs for TSV', async () => {
  expect(await rows('a\tb\n1,\t"2\t3"', 1 << 20, '\t')).toEqual([good(1, 'a', 'b'), good(2, '1,', '2\t3')]);
});

it('gives up a row that has no end, and finds the next', async () => {
  const text = `a\n"${'x'.repeat(5 << 20)}\n1\n`;
  expect(await rows(text, 1 << 16)).toEqual([
    good(1, 'a'),
    bad(2, `"${'x'.repeat(199)}`, 'the row is longer than 4 MiB, or a quote is not closed'),
    good(3, '1'),
  ]);
});

it('hands on what is there before the text ends', async () => {
  async function* chunks() {
    yield Buffer.from('a\n1\n"2\n');
    yield Buffer.from('"\n');
    await new Promise(() => {});
  }
  const batches = readCsv({ name: 'a.csv', chunks: chunks() }, ',');
  expect((await batches.next()).value).toEqual([good(1, 'a'), good(2, '1')]);
  expect((await batches.next()).value).toEqual([good(3, '2\n')]);
});

it('takes a row for open after a malformed line, also where a chunk ends', async () => {
  const text = ',"b\n,"d\ne"\n';
  const expected = [expect.objectContaining({ line: 1, fields: [',"b'] }), good(2, '', 'd\ne')];
  for (let pieceBytes = 1; pieceBytes <= text.length; pieceBytes++) {
    expect(await rows(text, pieceBytes)).toEqual(expected);
  }
});

it.each([Buffer.from('\uFEFFa', 'utf16le'), Buffer.from([0xfe, 0xff, 0, 0x61])])(
  'refuses UTF-16',
  async (bytes) => {
    await expect(rows(bytes)).rejects.toThrow('a.csv: is not UTF-8 text');
  },
);
