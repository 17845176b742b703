import type { Bytes } from '../model/units.ts';
import { ResponseError } from './response-error.ts';

/** Header fields: names in lower case, a repeated field as an array. */
export type ResponseHeaders = Readonly<Record<string, string | string[]>>;

/** Status line and header section of an answer. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** Of HTTP/1.x; 1.0 closes by default. */
  readonly minorVersion: number;
}

/** Longest header section, as in Node's own client. */
export const mostHeadBytes: Bytes = 16 * 1024;

/** `HTTP/1.1 200 OK`; the reason may be missing (RFC 9112, 4). */
const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\u0020-\u007e\u0080-\u00ff]*)?$/;

/**
 * Parses a head, given as one character a byte and without the empty line that ends it. Strict, as
 * RFC 9112 asks (2.2, 5): no bare CR or LF, no white space before a colon, no control character.
 * Throws a `ResponseError`.
 */
export function parseHead(text: string): ResponseHead {
  let end = text.indexOf('\r\n');
  const first = statusLine.exec(end === -1 ? text : text.slice(0, end));
  if (first === null) {
    throw new ResponseError('the status line is malformed');
  }
  const headers: Record<string, string | string[]> = {};
  let last: Field | undefined;
  while (end !== -1) {
    const start = end + 2;
    end = text.indexOf('\r\n', start);
    const line = end === -1 ? text.slice(start) : text.slice(start, end);
    last = isFolded(line) ? unfold(headers, last, line) : add(headers, fieldOf(line));
  }
  return { status: Number(first[2]), headers, minorVersion: Number(first[1]) };
}

interface Field {
  readonly name: string;
  readonly value: string;
}

const fieldName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const notInValue = /[^\t\u0020-\u007e\u0080-\u00ff]/;

/**
 * Lines seen before: a server says nearly the same in every head, so that most lines are found
 * here, already checked and taken apart.
 */
const knownLines = new Map<string, Field>();
const mostKnown = 1000;

function fieldOf(line: string): Field {
  const known = knownLines.get(line);
  if (known !== undefined) {
    return known;
  }
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(colon, 0));
  const value = trimBlanks(line.slice(colon + 1));
  if (!fieldName.test(name) || notInValue.test(value)) {
    throw new ResponseError('a header field is malformed');
  }
  const field = { name: name.toLowerCase(), value };
  if (knownLines.size >= mostKnown) {
    knownLines.clear();
  }
  knownLines.set(line, field);
  return field;
}

/** Adds a field; one of a name that is there already makes an array. */
function add(headers: Record<string, string | string[]>, field: Field): Field {
  const { name, value } = field;
  const before = name === '__proto__' ? undefined : headers[name];
  if (before === undefined || !Object.hasOwn(headers, name)) {
    set(headers, name, value);
  } else if (typeof before === 'string') {
    headers[name] = [before, value];
  } else {
    before.push(value);
  }
  return field;
}

/** A continuation line is a space (RFC 9112, 5.2). */
function unfold(headers: Record<string, string | string[]>, last: Field | undefined, line: string): Field {
  if (last === undefined || notInValue.test(line)) {
    throw new ResponseError('a header field is malformed');
  }
  const before = headers[last.name];
  const field = { name: last.name, value: `${last.value} ${trimBlanks(line)}`.trim() };
  if (typeof before === 'object') {
    before[before.length - 1] = field.value;
  } else {
    set(headers, field.name, field.value);
  }
  return field;
}

function set(headers: Record<string, string | string[]>, name: string, value: string): void {
  if (name === '__proto__') {
    Object.defineProperty(headers, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    headers[name] = value;
  }
}

function isFolded(line: string): boolean {
  const first = line.charCodeAt(0);
  return first === 0x20 || first === 0x09;
}

/** Optional white space around a value is spaces and tabs only (RFC 9110, 5.6.3). */
function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) {
    start++;
  }
  while (end > start && isBlank(text.charCodeAt(end - 1))) {
    end--;
  }
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
