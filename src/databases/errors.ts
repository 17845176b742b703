/**
 * The database cannot be reached, has gone away, is locked by another process, or asks to try again. The
 * message says what happened, without the name of the database.
 */
export class AwayError extends Error {
  override readonly name = 'AwayError';
}

/** The database does not take a value of one of the rows; none of them is stored. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/** A statement that is wrong, a table or a right that is missing: it will not go well later either. */
export class StatementError extends Error {
  override readonly name = 'StatementError';
}
