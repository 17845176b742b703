import { messageOf } from '../errors.ts';
import { oneLine } from '../one-line.ts';

/**
 * What `JSON.parse` says of a text that it refuses, in one line, and without the excerpt that V8 gives
 * of it: what stands there may be a secret.
 */
export function jsonProblem(error: unknown): string {
  return oneLine(messageOf(error).replace(/, (?:\.\.\.)?".*"(?:\.\.\.)? is not valid JSON$/s, ''));
}
