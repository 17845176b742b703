import { types } from 'node:util';

/** A value as JSON; or, as `problem`, why it cannot be: it names the field. */
export type Written = { readonly json: string | undefined } | { readonly problem: string };

/**
 * Writes the value of a field as JSON, undefined as nothing. Unlike `JSON.stringify` it passes over nothing in
 * silence: what JSON has no form for is a problem, at any depth, and so is what would come out empty.
 */
export function writeJson(field: string, value: unknown): Written {
  try {
    const json: string | undefined = JSON.stringify(value, refuseUnwritable);
    return { json };
  } catch (error) {
    return { problem: problemOf(field, value, error) };
  }
}

/** What is said of a promise that stands in a value where JSON would reach it; undefined: there is none. */
export function promiseProblem(field: string, value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  try {
    JSON.stringify(value, refusePromises);
    return undefined;
  } catch (error) {
    return error === unwritable ? problemOf(field, value, error) : undefined; // others are told elsewhere
  }
}

/** Thrown out of `JSON.stringify`; where the value stands is found out only then. */
const unwritable = new Error('unwritable');

function refuseUnwritable(_key: string, value: unknown): unknown {
  const kind = typeof value;
  if (
    kind === 'function' ||
    kind === 'bigint' ||
    kind === 'symbol' ||
    (kind === 'object' && hasNoForm(value))
  ) {
    throw unwritable;
  }
  return value;
}

function refusePromises(_key: string, value: unknown): unknown {
  if (types.isPromise(value)) {
    throw unwritable;
  }
  return value;
}

function hasNoForm(value: unknown): boolean {
  return types.isPromise(value) || types.isMap(value) || types.isSet(value) || ArrayBuffer.isView(value);
}

function problemOf(field: string, value: unknown, error: unknown): string {
  const found = search(value, field);
  if (found !== undefined) {
    return `field \`${found.path}\` ${found.what}`;
  }
  const isDeep = error instanceof RangeError && error.message.includes('call stack');
  const message = error instanceof Error ? error.message.split('\n')[0]! : String(error);
  return `field \`${field}\` ${isDeep ? 'nests too deep for JSON' : `cannot be JSON: ${message}`}`;
}

/** Undefined too where the search itself falls over a getter or a `toJSON` that throws. */
function search(value: unknown, field: string): Found | undefined {
  try {
    return find(value, field, []);
  } catch {
    return undefined;
  }
}

interface Found {
  readonly path: string;
  readonly what: string;
}

/** The first value that JSON has no form for, as deep as `JSON.stringify` would go. */
function find(value: unknown, path: string, above: readonly unknown[]): Found | undefined {
  const what = whatOf(value);
  if (what !== undefined) {
    return { path, what };
  }
  if (typeof value !== 'object' || value === null || above.length > mostDepth) {
    return undefined;
  }
  if (above.includes(value)) {
    return { path, what: 'is circular' };
  }
  const within = [...above, value];
  const own = jsonOf(value);
  for (const [key, one] of Object.entries(own)) {
    const found = find(one, Array.isArray(own) ? `${path}[${key}]` : `${path}.${key}`, within);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

const mostDepth = 1_000;

function jsonOf(value: object): object {
  const own: unknown =
    'toJSON' in value && typeof value.toJSON === 'function' ? (value.toJSON as () => unknown)() : value;
  return Object(own) as object;
}

function whatOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'function':
      return 'is a function, which JSON has no form for';
    case 'symbol':
      return 'is a symbol, which JSON has no form for';
    case 'bigint':
      return 'is a bigint, which JSON has no form for: make text of it';
    case 'object':
      return whatOfObject(value);
    default:
      return undefined;
  }
}

function whatOfObject(value: object | null): string | undefined {
  if (types.isPromise(value)) {
    return 'holds a promise: is an `await` missing?';
  }
  if (types.isMap(value)) {
    return 'is a Map, which JSON has no form for: make an object of it';
  }
  if (types.isSet(value)) {
    return 'is a Set, which JSON has no form for: make a list of it';
  }
  return ArrayBuffer.isView(value)
    ? 'is made of bytes, which JSON has no form for: make text of them, such as base64'
    : undefined;
}
