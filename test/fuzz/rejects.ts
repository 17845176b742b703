import { expect } from 'vitest';
import { UsageError } from '../../src/model/errors.ts';

/**
 * What `read` gives; undefined when it rejects its input in the way that is promised, by a `UsageError`
 * each line of which matches `message`, or all of it when that is a pattern of several lines (`s`).
 * Anything else that is thrown is a bug.
 */
export function orRejected<T>(read: () => T, message: RegExp): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UsageError)) {
      throw error;
    }
    for (const line of message.dotAll ? [error.message] : error.message.split('\n')) {
      expect(line).toMatch(message);
    }
    return undefined;
  }
}
