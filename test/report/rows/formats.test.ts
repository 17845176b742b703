import { describe, expect, it } from 'vitest';
import type { Rows } from '../../../src/databases/database.ts';
import { parseExactJson } from '../../../src/model/json/exact-json.ts';
import { rowFormats, type RowFormatName } from '../../../src/report/rows/formats.ts';
import type { RowScreen } from '../../../src/report/rows/row-format.ts';

const file: RowScreen = { width: Number.POSITIVE_INFINITY, color: false, isTerminal: false };
const terminal: RowScreen = { width: 40, color: false, isTerminal: true };

/** The text of rows that come in these batches. */
async function render(
  format: RowFormatName,
  columns: readonly string[],
  batches: readonly (readonly (readonly unknown[])[])[],
  screen: RowScreen = file,
): Promise<string> {
  const write = await rowFormats[format]();
  let text = '';
  for await (const piece of write(toBatches(columns, batches), screen)) {
    text += piece;
  }
  return text;
}

async function* toBatches(
  columns: readonly string[],
  batches: readonly (readonly (readonly unknown[])[])[],
): AsyncGenerator<Rows, void> {
  for (const rows of batches) {
    yield { columns, rows };
  }
}

/** The lines as they look. */
const lines = (text: string) => text.split('\n').slice(0, -1);

const big = parseExactJson('12345678901234567890');

describe('jsonl', () => {
  it('is an object a line, in the order of the columns, with every digit', async () => {
    const text = await render(
      'jsonl',
      ['b', '1', 'a'],
      [[], [[big, 'x\ny', null]], [[1.5, { c: [true] }, '']]],
    );
    expect(lines(text)).toEqual([
      '{"b":12345678901234567890,"1":"x\\ny","a":null}',
      '{"b":1.5,"1":{"c":[true]},"a":""}',
    ]);
  });

  it('is nothing for no rows', async () => expect(await render('jsonl', ['a'], [[]])).toBe(''));

  it('is raw in a file and escaped on a terminal', async () => {
    const rows = [[['\u001b[2J\u009b\u202e']]];
    expect(await render('jsonl', ['a'], rows)).toBe('{"a":"\\u001b[2J\u009b\u202e"}\n');
    expect(await render('jsonl', ['a'], rows, terminal)).toBe('{"a":"\\u001b[2J\\u009b\\u202e"}\n');
  });
});

describe('json', () => {
  it.each([
    [[[[1], [2]], [[3]]], '[\n{"a":1},\n{"a":2},\n{"a":3}\n]\n'],
    [[[]], '[]\n'],
    [[], '[]\n'],
  ])('is one array: %j', async (batches, text) => expect(await render('json', ['a'], batches)).toBe(text));
});

describe('csv', () => {
  it.each([
    ['text', 'plain', 'plain'],
    ['a comma', 'a,b', '"a,b"'],
    ['quotes', 'a "b"', '"a ""b"""'],
    ['a line', 'a\nb', '"a\nb"'],
    ['nothing', null, ''],
    ['an empty text', '', '""'],
    ['a number', big, '12345678901234567890'],
    ['a truth', true, 'true'],
    ['an object', { a: 1 }, '"{""a"":1}"'],
  ])('%s', async (_, value, text) =>
    expect(await render('csv', ['a', 'b,c'], [[], [[value, 0]]])).toBe(`a,"b,c"\n${text},0\n`),
  );

  it('has the names of the columns when there are no rows', async () =>
    expect(await render('csv', ['a', 'b'], [[]])).toBe('a,b\n'));

  it('is harmless on a terminal', async () =>
    expect(await render('csv', ['a'], [[['\u001b[2J']]], terminal)).toBe('a\n\\u{1b}[2J\n'));
});

describe('table', () => {
  it('aligns texts left and numbers right', async () => {
    const rows = [
      [
        ['200', 7],
        ['none', 12_345],
      ],
      [[null, null]],
    ];
    expect(lines(await render('table', ['status', 'n'], rows))).toEqual([
      'status      n',
      '──────  ─────',
      '200         7',
      'none    12345',
      '',
    ]);
  });

  it('aligns what is wide: ideographs and emoji', async () => {
    expect(
      lines(
        await render(
          'table',
          ['名', 'n'],
          [
            [
              ['日本語', 1],
              ['🙂', 2],
              ['e\u0301', 3],
            ],
          ],
        ),
      ),
    ).toEqual(['名      n', '──────  ─', '日本語  1', '🙂      2', 'e\u0301       3']);
  });

  it('cuts the widest texts to the width of a terminal, and no number', async () => {
    const rows = [[['a', 'https://example.com/a/long/path', 123_456_789, 'words '.repeat(1000)]]];
    const shown = lines(await render('table', ['id', 'url', 'n', 'body'], rows, terminal));
    expect(shown).toEqual([
      'id  url                  n  body',
      '──  ───────────  ─────────  ───────────',
      'a   https://ex…  123456789  words word…',
    ]);
    expect(Math.max(...shown.map((line) => line.length))).toBeLessThanOrEqual(terminal.width);
  });

  it('cuts nothing that goes into a file', async () => {
    const long = 'x'.repeat(500);
    expect(await render('table', ['a', 'b'], [[[long, 1]]])).toContain(`${long}  1\n`);
  });

  it('puts the parts of a row below each other where there are too many columns', async () => {
    const names = ['index', 'url', 'a', 'b', 'c', 'd'];
    const row = [
      1,
      'https://example.com/a/long/path/that/goes/on',
      null,
      'x'.repeat(9),
      'y'.repeat(9),
      'z'.repeat(9),
    ];
    expect(lines(await render('table', names, [[row], [row]], terminal)).slice(0, 9)).toEqual([
      'row 1',
      'index  1',
      'url    https://example.com/a/long/path/…',
      'a',
      'b      xxxxxxxxx',
      'c      yyyyyyyyy',
      'd      zzzzzzzzz',
      'row 2',
      'index  1',
    ]);
  });

  it('shows null where there are colours, and the head set off', async () => {
    const text = await render('table', ['a', 'b'], [[['', null]]], { ...terminal, color: true });
    expect(lines(text)).toEqual([
      '\u001b[1ma\u001b[22m  \u001b[1mb   \u001b[22m',
      '\u001b[2m─  ────\u001b[22m',
      '   \u001b[2mnull\u001b[22m',
    ]);
  });

  it('lets nothing move the cursor, and keeps a row on its line', async () => {
    const text = await render('table', ['a\n', 'b'], [[['\u001b[2J\ny', { c: '\u202e' }]]]);
    expect(lines(text)).toEqual([
      String.raw`a\u{a}           b`,
      '───────────────  ────────────────',
      String.raw`\u{1b}[2J\u{a}y  {"c":"\u{202e}"}`,
    ]);
  });

  it('shows the head alone for no rows, and nothing for no columns', async () => {
    expect(await render('table', ['a', 'b'], [[]])).toBe('a  b\n─  ─\n');
    expect(await render('table', [], [])).toBe('');
  });

  it('has one head for any number of rows, and widens where it must', async () => {
    const rows = Array.from({ length: 2_500 }, (_, at) => [at < 2_400 ? 'ab' : 'abcdef', at]);
    const shown = lines(await render('table', ['x', 'n'], [rows.slice(0, 10), rows.slice(10)]));
    expect(shown.length).toBe(2 + rows.length);
    expect(shown.filter((line) => line.includes('─'))).toEqual(['──  ───']);
    expect([shown[2], shown[1_500], shown.at(-1)]).toEqual(['ab    0', 'ab  1498', 'abcdef  2499']);
  });
});
