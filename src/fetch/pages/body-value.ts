import { nestsTooDeep } from '../../model/json/nesting.ts';
import type { BodyValue } from '../../model/options/next-rule.ts';
import { valueAt } from '../../model/json/path.ts';
import type { Content } from '../../model/body/value.ts';

/** Gives the value that stands at a place of a body; a whole number beyond 2^53 as a bigint. */
export type ReadValue = (value: BodyValue) => unknown;

/** Parses a body that is to say where the next page is; undefined: it is not JSON, or nests beyond all sense. */
export function parseBody(content: Content): ReadValue | undefined {
  const text = content.form === 'base64' ? new TextDecoder().decode(content.bytes) : content.text;
  if (nestsTooDeep(text)) {
    return undefined;
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  return ({ path }) => {
    const value = valueAt(body, path);
    return isInexact(value) ? valueAt(parseExactly(text), path) : value;
  };
}

/** An integer that has lost digits, as ids of 64 bits do. */
function isInexact(value: unknown): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value);
}

/** Slow, for every number is looked at; its text is in the third argument since V8 11.4. */
function parseExactly(text: string): unknown {
  return JSON.parse(text, (_, value: unknown, { source = '' }: { readonly source?: string }) =>
    isInexact(value) && /^-?\d+$/.test(source) ? BigInt(source) : value,
  );
}
