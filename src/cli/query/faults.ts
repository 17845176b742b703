import { AwayError, RefusedError, StatementError } from '../../databases/errors.ts';
import { shownSpec } from '../../databases/spec.ts';
import { UsageError } from '../../model/errors.ts';
import { excerpt, quotedPosition } from '../../report/rows/excerpt.ts';

/** What to throw when the database cannot be opened. */
export function openFault(spec: string, error: unknown): unknown {
  return error instanceof AwayError || error instanceof StatementError
    ? new UsageError(`cannot open ${shownSpec(spec).replace(/^sqlite:/, '')}: ${error.message}`, {
        cause: error,
      })
    : error;
}

/** What to throw when a query fails: with the place in it, where the database says that. */
export function queryFault(sql: string, error: unknown): unknown {
  if (error instanceof RefusedError) {
    return new UsageError(error.message, { cause: error });
  }
  if (!(error instanceof StatementError)) {
    return error;
  }
  if (writing.test(error.message)) {
    return new UsageError(`query only reads, and this statement is to change something (${error.message})`, {
      cause: error,
    });
  }
  const position = error.position ?? quotedPosition(sql, error.message);
  const place = position === undefined ? '' : `\n${excerpt(sql, position)}`;
  return new UsageError(error.message + place, { cause: error });
}

/** What the databases say of a statement that writes. */
const writing = /^it is no query|^it may not be written|read-only transaction/;
