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
  /** Where in the statement, in characters from 1, as far as the database says. */
  readonly position: number | undefined;

  constructor(message: string, options: ErrorOptions & { readonly position?: number | undefined } = {}) {
    super(message, options);
    this.position = options.position;
  }
}
