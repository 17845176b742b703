import { mostNesting, nestsTooDeep } from './nesting.ts';

declare global {
  /** Not in TypeScript's library yet: https://tc39.es/proposal-json-parse-with-source/ */
  interface JSON {
    rawJSON(text: string): object;
    isRawJSON(value: unknown): boolean;
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
    ): unknown;
  }
}

/**
 * The value of a JSON text, out of which `JSON.stringify` writes every number as it stood there: one
 * that would change, such as an id of 20 digits, is not a number but what `isExactNumber` tells. Throws a
 * `SyntaxError` for what is not JSON, and for what nests so deep that it could not be written again.
 */
export function parseExactJson(text: string): unknown {
  if (nestsTooDeep(text)) {
    throw new SyntaxError(`it nests deeper than ${mostNesting} levels`);
  }
  return mayChange.test(text) ? JSON.parse(text, keepSource) : JSON.parse(text);
}

/** True for a number that is kept as its source text: `JSON.stringify(value)` gives it. */
export function isExactNumber(value: unknown): value is object {
  return JSON.isRawJSON(value);
}

/** More than 15 digits, an exponent or what gets one, a zero at the end or a negative zero. In strings too: that only costs time. */
const mayChange = /[\d.]{16}|\d[eE]|0\.0{6}|\.\d*0\b|-0\b/;

function keepSource(_key: string, value: unknown, { source }: { source?: string }): unknown {
  const isChanged = typeof value === 'number' && source !== undefined && JSON.stringify(value) !== source;
  return isChanged ? JSON.rawJSON(source) : value;
}
