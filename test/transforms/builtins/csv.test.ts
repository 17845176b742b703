import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusal, resultOf } from './through.ts';

const csv = { contentType: 'text/csv' };

it.each<[string, string, string, unknown]>([
  [
    'a header line and rows',
    'csv',
    'id,name\n1,Ada\n2,Bob\n',
    [
      { id: '1', name: 'Ada' },
      { id: '2', name: 'Bob' },
    ],
  ],
  ['no line end at the end', 'csv', 'id\r\n1', [{ id: '1' }]],
  ['quotes', 'csv', 'a,b\n"x, y","say ""hi""\nthere"\n', [{ a: 'x, y', b: 'say "hi"\nthere' }]],
  ['blank lines', 'csv', '\na,b\n\n1,2\n  \n', [{ a: '1', b: '2' }]],
  ['a byte order mark', 'csv', '\ufeffa,b\n1,2\n', [{ a: '1', b: '2' }]],
  ['white space around names, which is none of them', 'csv', ' a , b \n 1 , 2 \n', [{ a: ' 1 ', b: ' 2 ' }]],
  ['columns without a name', 'csv', 'a,,b,\n1,2,3,4\n', [{ a: '1', b: '3' }]],
  ['a header alone', 'csv', 'a,b\n', []],
  ['nothing', 'csv', '', []],
  ['another delimiter', 'csv:delimiter=;', 'a;b\n1,5;2\n', [{ a: '1,5', b: '2' }]],
  ['tabs', 'csv:delimiter=tab', 'a\tb\n1\t2\n', [{ a: '1', b: '2' }]],
  ['no header', 'csv:header=no', 'a,b\n1\n', [['a', 'b'], ['1']]],
  ['both', 'csv:delimiter=;,header=no', 'a;b\n', [['a', 'b']]],
  ['a comma, said', 'csv:delimiter=,,header=yes', 'a,b\n1,2\n', [{ a: '1', b: '2' }]],
])('%s', async (_, spec, body, expected) => {
  expect(await resultOf([spec], body, csv)).toEqual(expected);
});

it('a column may have any name', async () => {
  const [row] = (await resultOf(['csv'], '__proto__,toString\n1,2\n')) as object[];
  expect(JSON.stringify(row)).toBe('{"__proto__":"1","toString":"2"}');
});

it('is read in its charset, and in windows-1252 when there is none and it is not UTF-8', async () => {
  const latin = Buffer.from('name\nJos\xe9\n', 'latin1');
  expect(await resultOf(['csv'], latin, csv)).toEqual([{ name: 'José' }]);
  const greek = Buffer.from([0x61, 0x0a, 0xe1, 0x0a]);
  expect(await resultOf(['csv'], greek, { contentType: 'text/csv; charset=iso-8859-7' })).toEqual([
    { a: 'α' },
  ]);
});

describe('what is malformed costs the record, with its line', () => {
  it.each([
    ['a,b\n1,2\n3\n', 'line 3: the row has 1 field, and the header 2'],
    ['a,b\n\n"1\n\n1",2\n3,4,5\n', 'line 6: the row has 3 fields, and the header 2'],
    ['a,b\n1,"2"x\n', 'line 2: a quote in a quoted field must be doubled'],
    [
      'ä,b\nö,2\n1,2"x\n',
      'line 3: a field with a quote in it must stand in quotes, and the quote be doubled',
    ],
    ['\ufeffa,b\n1,2\n"3,4\n5,6\n', 'line 3: a quote is not closed'],
    ['\na,b,a\n', 'line 2: the column a is there twice'],
  ])('%j', async (body, problem) => {
    await expect(resultOf(['csv'], body)).rejects.toThrow(`TRANSFORM_FAILED: csv: ${problem}`);
  });
});

it('what is binary is no table, whatever its type says', async () => {
  const zipped = gzipSync('a,b\n1,2\n');
  await expect(resultOf(['csv'], zipped, csv)).rejects.toThrow(
    'TRANSFORM_FAILED: csv: the body is no CSV: it is a gzip file (`--transform gunzip` before it unpacks it)',
  );
  expect(await resultOf(['gunzip', 'csv'], zipped, csv)).toEqual([{ a: '1', b: '2' }]);
  await expect(resultOf(['csv'], 'PK\u0003\u0004\0\0', csv)).rejects.toThrow(
    'the body is no CSV: it is binary',
  );
  const wide = Buffer.from('a\n1\n', 'utf16le');
  expect(await resultOf(['csv'], wide, { contentType: 'text/csv; charset=utf-16le' })).toEqual([{ a: '1' }]);
});

it('gives back what was written', async () => {
  const field = fc.string({ unit: fc.constantFrom('a', 'é', '"', ';', ',', '\n', '\r\n', ' ', '😀') });
  const table = fc
    .integer({ min: 2, max: 4 })
    .chain((width) => fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1 }));
  await fc.assert(
    fc.asyncProperty(table, fc.constantFrom('\n', '\r\n'), async (rows, lineEnd) => {
      const text = rows.map((row) => row.map(quoted).join(';') + lineEnd).join('');
      expect(await resultOf(['csv:delimiter=;,header=no'], text)).toEqual(rows);
    }),
  );
});

describe('arguments', () => {
  const delimiters = 'delimiter must be one character, or one of tab, comma, semicolon, pipe';
  it.each([
    ['csv:', 'no option "": there are delimiter=…, header=…'],
    ['csv:;', 'no option ";": there are delimiter=…, header=…'],
    ['csv:delimter=;', 'no option "delimter=;" (did you mean delimiter?)'],
    ['csv:delimiter=', `${delimiters}, not ""`],
    ['csv:delimiter=;;', `${delimiters}, not ";;"`],
    ['csv:delimiter="', `${delimiters}, not "\\""`],
    ['csv:delimiter=;,', `${delimiters}, not ";,"`],
    ['csv:header=false', 'header must be yes or no, not "false"'],
    ['csv:header=no,header=no', 'header is there twice'],
    ['csv:header=no,x', 'header must be yes or no, not "no,x"'],
  ])('%s', async (spec, problem) => {
    expect(await refusal(spec)).toBe(`--transform: ${spec}: ${problem}`);
  });
});

function quoted(field: string): string {
  return `"${field.replaceAll('"', '""')}"`;
}
