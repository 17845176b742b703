import { parse, type Parser } from 'csv-parse';
import { csvProblems } from '../../model/csv-problems.ts';
import { UsageError } from '../../model/errors.ts';
import type { Text } from '../reader.ts';

/** A row of a CSV text. */
export interface CsvRow {
  /** The line on which it begins, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
  /** Why there are no fields. */
  readonly problem?: string | undefined;
}

/**
 * The rows of a CSV text (RFC 4180), the header too, in batches as chunks complete them; blank lines
 * are none. After a row that is malformed it goes on with the next line, so that one stray quote does
 * not swallow the rest.
 */
export async function* readCsv(
  { name, chunks }: Text,
  delimiter: string,
): AsyncGenerator<readonly CsvRow[], void, undefined> {
  const reader = new CsvReader(delimiter);
  let isFirst = true;
  for await (const chunk of chunks) {
    if (isFirst && chunk[0]! >= 0xfe) {
      throw new UsageError(`${name}: is not UTF-8 text (UTF-16, by its first byte)`);
    }
    isFirst = false;
    await reader.feed(chunk);
    yield reader.take();
  }
  await reader.finish();
  yield reader.take();
}

/** Longer rows are malformed: mostly a quote is not closed. */
const maxRowBytes = 4 * 1024 * 1024;

/** So much of a malformed line is shown. */
const shownBytes = 200;

/** Drives csv-parse, which neither knows the lines of rows nor goes on well after an error. */
class CsvReader {
  readonly #delimiter: string;
  #parser: Parser;
  #rows: CsvRow[] = [];
  /** What follows the last whole row. */
  #rest = Buffer.alloc(0);
  /** The line on which that begins. */
  #line = 1;
  /** Bytes of the rows that this parser has given. */
  #parsed = 0;
  /** What is wrong with the line with which `#rest` begins, while its end has not come. */
  #problem: string | undefined;

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
    this.#parser = this.#startParser();
  }

  /** The rows since the last call. */
  take(): readonly CsvRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  async feed(chunk: Uint8Array): Promise<void> {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    await this.#parse(this.#rest.subarray(this.#rest.length - chunk.length), false);
    await this.#flush();
  }

  /** Ends the text: its last row may lack a line end. */
  async finish(): Promise<void> {
    await this.#parse(Buffer.alloc(0), true);
  }

  /** The parser waits for what follows a row, which may be long in coming. */
  async #flush(): Promise<void> {
    while (this.#rest.at(-1) === lineFeed && quotesIn(this.#rest) % 2 === 0) {
      const error = await advance(this.#parser, Buffer.alloc(0), true);
      this.#parser = this.#startParser();
      if (error === undefined) {
        return;
      }
      // Without the malformed line, the last row may be open after all.
      await this.#parse(this.#skipLine(problemOf(error), false), false);
    }
  }

  async #parse(bytes: Buffer | undefined, isEnd: boolean): Promise<void> {
    let next = this.#problem === undefined ? bytes : this.#skipLine(this.#problem, isEnd);
    while (next !== undefined) {
      const error = await advance(this.#parser, next, isEnd);
      if (error === undefined) {
        return;
      }
      this.#parser = this.#startParser();
      next = this.#skipLine(problemOf(error), isEnd);
    }
  }

  /** Passes over a malformed line. What follows it; undefined: its end is not there yet. */
  #skipLine(problem: string, isEnd: boolean): Buffer | undefined {
    const end = this.#rest.indexOf(lineFeed);
    if (end === -1 && !isEnd) {
      this.#problem = problem;
      this.#rest = this.#rest.subarray(0, shownBytes);
      return undefined;
    }
    const [text = ''] = this.#rest.toString('utf8', 0, shownBytes).split(/\r?\n/, 1);
    this.#rows.push({ line: this.#line, fields: [text], problem });
    this.#problem = undefined;
    this.#line++;
    this.#rest = end === -1 ? Buffer.alloc(0) : this.#rest.subarray(end + 1);
    return this.#rest;
  }

  #startParser(): Parser {
    this.#parsed = 0;
    const parser = parse({
      delimiter: this.#delimiter,
      record_delimiter: ['\r\n', '\n'],
      bom: this.#line === 1,
      relax_column_count: true,
      max_record_size: maxRowBytes,
      on_record: (fields: readonly string[], { bytes }) => this.#onRow(fields, bytes),
    });
    parser.on('error', () => {}); // `advance` is told too
    return parser;
  }

  /** `end` is that of the row in all that its parser was fed. Nothing goes on through the parser's stream. */
  #onRow(fields: readonly string[], end: number): null {
    if (fields.length > 1 || fields[0]!.trim() !== '') {
      this.#rows.push({ line: this.#line, fields });
    }
    const length = end - this.#parsed;
    for (
      let at = this.#rest.indexOf(lineFeed);
      at !== -1 && at < length;
      at = this.#rest.indexOf(lineFeed, at + 1)
    ) {
      this.#line++;
    }
    this.#rest = this.#rest.subarray(length);
    this.#parsed = end;
    return null;
  }
}

const [lineFeed, quote] = [0x0a, 0x22] as const;

function quotesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(quote); at !== -1; at = bytes.indexOf(quote, at + 1)) {
    count++;
  }
  return count;
}

/** Feeds a parser. The error that ended it, if one did. */
async function advance(parser: Parser, bytes: Buffer, isEnd: boolean): Promise<Error | undefined> {
  const error = await new Promise<Error | null | undefined>((done) => parser.write(bytes, done));
  const last =
    isEnd && !error ? await new Promise<Error | null | undefined>((done) => parser.end(done)) : error;
  return last ?? undefined;
}

function problemOf(error: Error): string {
  const code = 'code' in error ? String(error.code) : '';
  const problem = problems[code];
  if (problem === undefined) {
    throw error;
  }
  return problem;
}

const problems: Readonly<Record<string, string>> = {
  ...csvProblems,
  CSV_MAX_RECORD_SIZE: `the row is longer than ${maxRowBytes / 1024 / 1024} MiB, or a quote is not closed`,
};
