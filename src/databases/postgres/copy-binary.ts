import { types } from 'pg';
import type { Cell, ColumnType } from '../database.ts';
import type { CopyForm } from './copy-form.ts';
import { Writer } from './writer.ts';

/** A type of the server whose binary form is known here. */
interface BinaryType {
  /** What is written into its columns. */
  readonly holds: ColumnType;
  /** Writes the length of a value, and the value. */
  readonly write: (out: Writer, cell: NonNullable<Cell>) => void;
}

const { builtins } = types;

/** By their numbers, which never change. Forms: the functions `…send` in src/backend/utils/adt of PostgreSQL. */
const binaryTypes: ReadonlyMap<number | undefined, BinaryType> = new Map([
  [builtins.INT8, { holds: 'integer', write: writeInteger }],
  [builtins.FLOAT8, { holds: 'real', write: writeDouble }],
  [builtins.BOOL, { holds: 'boolean', write: writeBoolean }],
  [builtins.TEXT, { holds: 'text', write: writeText }],
  [builtins.TIMESTAMPTZ, { holds: 'time', write: writeTime }],
  [builtins.JSON, { holds: 'json', write: writeText }],
  [builtins.JSONB, { holds: 'json', write: writeJsonb }],
]);

/**
 * Rows in the binary form of COPY, which the server reads in two thirds of the time of the text form:
 * https://www.postgresql.org/docs/current/sql-copy.html. It converts nothing there, so that each column must
 * have exactly the type that is written. `wanted`: what is written; `found`: the numbers of the columns' types.
 * Undefined: it has to be the text form.
 */
export function binaryForm(
  wanted: readonly (ColumnType | undefined)[],
  found: readonly (number | undefined)[],
): CopyForm | undefined {
  const columns = found.flatMap((type) => binaryTypes.get(type) ?? []);
  const isKnown = columns.length === wanted.length && columns.every(({ holds }, at) => holds === wanted[at]);
  return isKnown
    ? { options: 'with (format binary)', chunksOf: (rows) => copyBinary(rows, columns) }
    : undefined;
}

/** The signature, no flags, nothing more in the header. */
const header = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');

/** Instead of a number of columns: there are no more rows. */
const trailer = Buffer.from([0xff, 0xff]);

/** Chunks that may be cut anywhere. Throws a `RefusedError` as `copyText` does. */
function* copyBinary(
  rows: readonly (readonly Cell[])[],
  columns: readonly BinaryType[],
): Generator<Buffer, void, undefined> {
  const out = new Writer();
  out.bytes(header);
  for (const row of rows) {
    const most = mostBytes(row);
    if (!out.hasRoom(most)) {
      yield out.take();
      out.makeRoom(most);
    }
    out.int16(row.length);
    for (let at = 0; at < row.length; at++) {
      const cell = row[at] ?? null;
      if (cell === null) {
        out.int32(-1);
      } else {
        columns[at]!.write(out, cell);
      }
    }
  }
  yield out.take();
  yield trailer;
}

/** What a row can need: every field has its length and at most eight bytes, or those of a text. */
function mostBytes(row: readonly Cell[]): number {
  let most = 2 + 13 * row.length; // `jsonb` has a byte more
  for (let at = 0; at < row.length; at++) {
    const cell = row[at];
    most += typeof cell === 'string' ? 3 * cell.length : 0;
  }
  return most;
}

function writeInteger(out: Writer, cell: NonNullable<Cell>): void {
  out.int32(8);
  if (typeof cell === 'number') {
    const high = Math.floor(cell / 2 ** 32);
    out.int32(high);
    out.int32(cell - high * 2 ** 32);
  } else {
    const whole = BigInt(cell);
    out.int32(Number(BigInt.asIntN(32, whole >> 32n)));
    out.int32(Number(BigInt.asIntN(32, whole)));
  }
}

function writeDouble(out: Writer, cell: NonNullable<Cell>): void {
  out.int32(8);
  out.double(Number(cell));
}

function writeBoolean(out: Writer, cell: NonNullable<Cell>): void {
  out.int32(1);
  out.int8(Number(cell));
}

/** Microseconds since the year 2000. */
function writeTime(out: Writer, cell: NonNullable<Cell>): void {
  writeInteger(out, (Date.parse(String(cell)) - epochMs) * 1000);
}

const epochMs = Date.UTC(2000, 0, 1);

function writeText(out: Writer, cell: NonNullable<Cell>): void {
  out.text(String(cell));
}

/** The number of its form stands before the text. */
function writeJsonb(out: Writer, cell: NonNullable<Cell>): void {
  out.text(String(cell), 1);
}
