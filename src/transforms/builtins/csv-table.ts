import { CsvError, parse } from 'csv-parse/sync';
import { csvProblems, lengthProblem } from '../../model/csv-problems.ts';
import { nameText } from '../../model/name.ts';
import { TransformError } from '../transform-error.ts';

/** How a table is written. */
export interface TableForm {
  /** One character. */
  readonly delimiter: string;
  /** The first row has the names of the columns. */
  readonly hasHeader: boolean;
}

/**
 * The rows of a CSV text (RFC 4180); blank lines are none. With a header, objects: columns without a name, as
 * spreadsheets write beside a table, are left away. Throws a `TransformError` with the line for a text that
 * is malformed, a row that does not fit its header, or a column that is there twice.
 */
export function readTable(text: string, { delimiter, hasHeader }: TableForm): readonly unknown[] {
  const rows = readRows(Buffer.from(text), delimiter);
  if (!hasHeader) {
    return rows.map(({ fields }) => fields);
  }
  const [header, ...body] = rows;
  const columns = header === undefined ? [] : columnsOf(header);
  return body.map((row) => objectOf(row, columns));
}

interface Row {
  /** The line on which it begins, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

function readRows(text: Buffer, delimiter: string): Row[] {
  const rows: Row[] = [];
  const at = new Place(text);
  try {
    parse(text, {
      delimiter,
      record_delimiter: ['\r\n', '\n'],
      relax_column_count: true,
      on_record: (fields: readonly string[], { bytes }) => {
        if (fields.length > 1 || fields[0]!.trim() !== '') {
          rows.push({ line: at.line, fields });
        }
        at.moveTo(bytes);
        return null;
      },
    });
  } catch (error) {
    if (error instanceof CsvError) {
      throw new TransformError(`line ${at.line}: ${csvProblems[error.code] ?? error.message}`, {
        cause: error,
      });
    }
    throw error;
  }
  return rows;
}

/** A place in a text that knows its line: the parser does not. */
class Place {
  line = 1;
  readonly #text: Buffer;
  #at = 0;

  constructor(text: Buffer) {
    this.#text = text;
  }

  moveTo(at: number): void {
    for (let end = this.#next(); end !== -1 && end < at; end = this.#next()) {
      this.line++;
      this.#at = end + 1;
    }
    this.#at = at;
  }

  #next(): number {
    return this.#text.indexOf(0x0a, this.#at);
  }
}

function columnsOf({ line, fields }: Row): readonly string[] {
  const columns = fields.map((column) => column.trim());
  const twice = columns.find((column, at) => column !== '' && columns.indexOf(column) !== at);
  if (twice !== undefined) {
    throw new TransformError(`line ${line}: the column ${nameText(twice)} is there twice`);
  }
  return columns;
}

function objectOf({ line, fields }: Row, columns: readonly string[]): Readonly<Record<string, string>> {
  const problem = lengthProblem(fields, columns);
  if (problem !== undefined) {
    throw new TransformError(`line ${line}: ${problem}`);
  }
  const members = columns.map((column, at) => [column, fields[at]!] as const);
  return Object.fromEntries(members.filter(([column]) => column !== ''));
}
