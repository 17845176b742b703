/**
 * The user asked for something that cannot be done: an option, a source that cannot be read, an
 * input without a task. Exit status 2. The message names the option or file and the accepted form.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Records could not be written (full disk, I/O error). Exit status 3. */
export class SinkError extends Error {
  override readonly name = 'SinkError';
}

/** A database went away in the middle of the run, and did not come back in time. Exit status 3. */
export class DatabaseAwayError extends Error {
  override readonly name = 'DatabaseAwayError';
}

/** The reader of our pipe went away (`| head -3`): not a failure, the run just ends. */
export class ReaderGoneError extends Error {
  override readonly name = 'ReaderGoneError';
}

/** What a failed write means: the reader of a pipe went away, or the records cannot be kept. */
export function writeError(name: string, error: unknown): ReaderGoneError | SinkError {
  const isClosedPipe = error instanceof Error && 'code' in error && error.code === 'EPIPE';
  return isClosedPipe
    ? new ReaderGoneError(`the reader of ${name} went away`, { cause: error })
    : new SinkError(`cannot write ${name}: ${messageOf(error)}`, { cause: error });
}

/** The one-line message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
