import { writeError } from '../model/errors.ts';

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
        reject(writeError('standard output', error));
      }
    });
  });
}
