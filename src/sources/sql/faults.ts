import { AwayError, RefusedError, StatementError } from '../../databases/errors.ts';
import { shownSpec } from '../../databases/spec.ts';
import { UsageError } from '../../model/errors.ts';

/** What to throw when a database cannot be opened: nothing has been fetched yet, so that it is the user's. */
export function openFault(spec: string, error: unknown): unknown {
  if (error instanceof AwayError || error instanceof StatementError) {
    return new UsageError(`--from: cannot open ${shownSpec(spec)}: ${error.message}`, { cause: error });
  }
  return error instanceof UsageError ? new UsageError(`--from: ${error.message}`) : error;
}

/** What to throw when a query fails: what the database does not take, the user has to write anew. */
export function queryFault(error: unknown): unknown {
  return error instanceof StatementError || error instanceof RefusedError
    ? new UsageError(`--query: ${error.message}`, { cause: error })
    : error;
}
