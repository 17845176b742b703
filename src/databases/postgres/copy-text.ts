import type { Cell } from '../database.ts';
import { RefusedError } from '../errors.ts';
import type { CopyForm } from './copy-form.ts';

/** The text form, from which the server converts what it is given into the type of each column. */
export const textForm: CopyForm = { options: '', chunksOf: copyText };

/** Characters, about, that are sent as one message. */
const chunkSize = 256 * 1024;

/**
 * https://www.postgresql.org/docs/current/sql-copy.html. Throws a `RefusedError` for a text with half a
 * surrogate pair: it has no form in UTF-8, and would become another one without a word.
 */
function* copyText(rows: readonly (readonly Cell[])[]): Generator<Buffer, void, undefined> {
  let text = '';
  for (const row of rows) {
    for (let i = 0; i < row.length; i++) {
      text += i === 0 ? toField(row[i]) : `\t${toField(row[i])}`;
    }
    text += '\n';
    if (text.length >= chunkSize) {
      yield Buffer.from(text);
      text = '';
    }
  }
  if (text !== '') {
    yield Buffer.from(text);
  }
}

function toField(cell: Cell | undefined): string {
  if (typeof cell !== 'string') {
    return cell === null || cell === undefined ? '\\N' : String(cell);
  }
  if (!cell.isWellFormed()) {
    throw new RefusedError('half a surrogate pair is no text');
  }
  return special.test(cell) ? cell.replace(allSpecial, escape) : cell;
}

const special = /[\\\t\n\r]/;
const allSpecial = /[\\\t\n\r]/g;

function escape(character: string): string {
  return escapes[character] ?? character;
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
