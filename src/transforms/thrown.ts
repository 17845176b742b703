import { inspect } from 'node:util';

/**
 * What a transform has thrown, for a person. Modules throw whatever they like, and reading it may throw too: this
 * never does, and never gives an empty text.
 */
export function thrownText(thrown: unknown): string {
  try {
    const message: unknown = isObject(thrown) && 'message' in thrown ? thrown.message : thrown;
    if (typeof message === 'string' && message !== '') {
      return message;
    }
    return (isThrown(thrown, Error) && message === '' && nameOf(thrown)) || inspect(thrown, shown);
  } catch {
    return 'something was thrown that cannot be read';
  }
}

/** The first line of it. */
export function thrownLine(thrown: unknown): string {
  return thrownText(thrown).split('\n')[0]!;
}

/** Whether it is of that class; a proxy may throw when it is asked. */
export function isThrown<T>(thrown: unknown, kind: abstract new (...args: never) => T): thrown is T {
  try {
    return thrown instanceof kind;
  } catch {
    return false;
  }
}

/** An error without a message has a name, and those of Node a code. */
function nameOf(error: Error): string {
  return [error.name, 'code' in error ? error.code : undefined]
    .filter((part) => typeof part === 'string' && part !== '')
    .join(' ');
}

/** On one line, and not much of it. */
const shown = { depth: 2, breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 10, maxStringLength: 200 };

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
