import { messageOf, ReaderGoneError, SinkError } from '../model/errors.ts';

/**
 * Writes the text of a command that has no records to standard output, and resolves when it is
 * written. Throws as a sink does: `ReaderGoneError` (closed pipe), `SinkError` (full disk).
 */
export function print(text: string): Promise<void> {
  const { stdout } = process;
  return new Promise((resolve, reject) => {
    stdout.once('error', () => {}); // told to the callback as well; without a listener it would kill
    stdout.write(text, (error) => {
      if (error === null || error === undefined) {
        resolve();
      } else {
        reject(isClosedPipe(error) ? new ReaderGoneError(gone, { cause: error }) : sinkError(error));
      }
    });
  });
}

const gone = 'the reader of standard output went away';

function isClosedPipe(error: Error): boolean {
  return 'code' in error && error.code === 'EPIPE';
}

function sinkError(error: Error): SinkError {
  return new SinkError(`cannot write standard output: ${messageOf(error)}`, { cause: error });
}
