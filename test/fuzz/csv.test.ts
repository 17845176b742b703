import * as fc from 'fast-check';
import { expect } from 'vitest';
import { csvReader } from '../../src/sources/rows/csv-rows.ts';
import { readCsv, type CsvRow } from '../../src/sources/rows/csv.ts';
import { chunksOf, cuts, damaged } from './damage.ts';
import { fuzz } from './fuzz.ts';
import { readText } from './input.ts';
import { orRejected } from './rejects.ts';

const pieces = [
  'a',
  '"',
  '""',
  ',',
  '\n',
  '\r\n',
  '\r',
  ' ',
  '"a,b"',
  '"a\nb"',
  'é',
  '"\n',
  ',"',
  'http://h/',
];
const text = damaged(
  fc
    .array(
      fc.array(fc.constantFrom('a', '', '1', '"b,c"', '"d\ne"', '"f""g"', ' ', 'http://h/'), {
        maxLength: 3,
      }),
      {
        maxLength: 6,
      },
    )
    .map((rows) => rows.map((row) => row.join(',')).join('\n')),
  pieces,
).map((one) => one.toWellFormed().replaceAll(/[\uFEFF\0]/g, '')); // after a closing quote, csv-parse takes NUL for text

fuzz(
  'rows are those of RFC 4180, a malformed line is told, and no line is lost',
  fc.tuple(text, cuts),
  async ([text, cuts]) => {
    const rows: CsvRow[] = [];
    for await (const batch of readCsv({ name: 'in', chunks: eachOf(chunksOf(text, cuts)) }, ',')) {
      rows.push(...batch);
    }
    const found = rows.map(({ line, fields, problem }) => ({
      line,
      fields: problem === undefined ? fields : undefined,
    }));
    expect(found).toEqual(rowsOf(text));
  },
);

fuzz(
  'each row is a task, or refused by file and line',
  fc.tuple(text, cuts, fc.boolean()),
  async ([text, cuts, hasTemplates]) => {
    const templates = { url: 'http://h/{id}{?q}', header: ['X-A: {x}'], json: undefined, data: 'q={q}' };
    const reader = csvReader(',', hasTemplates ? templates : undefined);
    const header = hasTemplates ? 'id,q,x\n' : 'url,id\n';
    const { tasks, refused } = await readText(reader, chunksOf(header + text, cuts));
    const expected = rowsOf(header + text).slice(1);
    expect(tasks).toHaveLength(expected.length);
    expect(refused).toEqual(
      expected.flatMap(({ line }, at) => (tasks[at]?.invalid === undefined ? [] : [line])),
    );
  },
);

fuzz('a header is one, or refused by file', fc.tuple(text, cuts), async ([text, cuts]) => {
  const read = csvReader(',', undefined).check?.({ name: 'in', chunks: eachOf(chunksOf(text, cuts)) });
  const error: unknown = await read?.catch((thrown: unknown) => thrown);
  orRejected(() => {
    if (error !== undefined) {
      throw error;
    }
  }, /^in:(?:\d+:)? /);
});

async function* eachOf(chunks: readonly Buffer[]): AsyncGenerator<Uint8Array, void, undefined> {
  yield* chunks;
}

interface Expected {
  readonly line: number;
  /** Undefined: the line is malformed. */
  readonly fields: readonly string[] | undefined;
}

/** A whole row and its end: fields in quotes, or without any. */
const row =
  /((?:"(?:[^"]|"")*"|(?:(?!\r?\n)[^",])*)(?:,(?:"(?:[^"]|"")*"|(?:(?!\r?\n)[^",])*))*)(?:\r?\n|$)/y;
const field = /,(?:"((?:[^"]|"")*)"|((?:(?!\r?\n)[^",])*))/g;

/** The same by the grammar of RFC 4180 alone. */
function rowsOf(text: string): Expected[] {
  const rows: Expected[] = [];
  for (let at = 0, line = 1; at < text.length;) {
    row.lastIndex = at;
    const [whole, content = ''] = row.exec(text) ?? [];
    const end = text.indexOf('\n', at);
    const next = whole === undefined ? (end === -1 ? text.length : end + 1) : at + whole.length;
    const fields = [...`,${content}`.matchAll(field)].map(
      ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare!,
    );
    if (whole === undefined || fields.length > 1 || fields[0]?.trim() !== '') {
      rows.push({ line, fields: whole === undefined ? undefined : fields });
    }
    line += text.slice(at, next).split('\n').length - 1;
    at = next;
  }
  return rows;
}
