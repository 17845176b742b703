import { AwayError, RefusedError, StatementError } from '../errors.ts';

/** What went wrong on the thread; errors lose their class on the way. */
export interface Fault {
  readonly kind: 'away' | 'refused' | 'statement' | 'bug';
  readonly message: string;
}

/** What a thrown error means. One that is none of SQLite's, and none of ours, is a bug. */
export function toFault(error: unknown): Fault {
  if (error instanceof StatementError) {
    return { kind: 'statement', message: error.message };
  }
  if (error instanceof RefusedError) {
    return { kind: 'refused', message: error.message };
  }
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') {
    return { kind: 'bug', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  const [kind, message] = meanings[error.errcode & primary] ?? ['statement', undefined];
  return { kind, message: message ?? error.message };
}

/** The error that the caller is thrown. */
export function toError({ kind, message }: Fault): Error {
  return new classes[kind](message);
}

const classes = { away: AwayError, refused: RefusedError, statement: StatementError, bug: Error } as const;

/** The part of a result code that says what kind of error it is: https://sqlite.org/rescode.html */
const primary = 0xff;

const locked = ['away', 'it is locked by another process'] as const;

/** By result code; without a text, SQLite's own says it better. */
const meanings: Readonly<Record<number, readonly [Fault['kind'], string?]>> = {
  5: locked, // BUSY
  6: locked, // LOCKED
  8: ['statement', 'it may only be read'], // READONLY
  10: ['statement', 'the disk does not read or write it (I/O error)'], // IOERR
  11: ['statement', 'the file is damaged'], // CORRUPT
  13: ['statement', 'the disk is full'], // FULL
  14: ['statement', 'the file cannot be opened'], // CANTOPEN
  15: locked, // PROTOCOL
  18: ['refused'], // TOOBIG
  19: ['refused'], // CONSTRAINT
  20: ['refused'], // MISMATCH
  26: ['statement', 'it is no SQLite database'], // NOTADB
};
