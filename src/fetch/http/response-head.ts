import { fieldValue, token } from '../../model/field.ts';
import type { Bytes } from '../../model/units.ts';
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
 * Parses heads given as one character a byte, without the empty line at their end. Strict, as RFC
 * 9112 asks (2.2, 5): no bare CR or LF, no white space before a colon, no control character.
 *
 * One for each connection: a server says nearly the same in every head, so that the lines of the
 * head before are found again, checked and taken apart, at the price of a comparison.
 */
export class HeadParser {
  /** The field lines of the last head, each with its CR LF before it. */
  #known: Field[] = [];
  #statusText = '';
  #status: RegExpExecArray | undefined;
  #lastText = '';
  #lastHead: ResponseHead | undefined;

  /** Throws a `ResponseError`. What it returns may be returned again, so that it is frozen. */
  parse(text: string): ResponseHead {
    if (this.#lastHead === undefined || text !== this.#lastText) {
      this.#lastHead = undefined; // not to be taken for that of a text that is refused
      this.#lastHead = this.#parse(text);
      this.#lastText = text;
    } else {
      Object.freeze(this.#lastHead.headers);
    }
    return this.#lastHead;
  }

  #parse(text: string): ResponseHead {
    let end = endOfLine(text, 0);
    const first = this.#statusLine(text, end);
    const headers: Record<string, string | string[]> = {};
    const known = this.#known;
    for (let at = 0; end < text.length; at++) {
      const field = known[at];
      if (
        field !== undefined &&
        text.startsWith(field.line, end) &&
        isLineEnd(text, end + field.line.length)
      ) {
        end += field.line.length;
        add(headers, field);
      } else {
        const start = end;
        end = endOfLine(text, start + 2);
        const line = text.slice(start, end);
        known[at] = isFolded(line) ? unfold(headers, known[at - 1], line) : add(headers, fieldOf(line));
      }
    }
    return { status: Number(first[2]), headers, minorVersion: Number(first[1]) };
  }

  #statusLine(text: string, end: number): RegExpExecArray {
    if (this.#status === undefined || end !== this.#statusText.length || !text.startsWith(this.#statusText)) {
      this.#statusText = text.slice(0, end);
      this.#status = statusLine.exec(this.#statusText) ?? undefined;
    }
    if (this.#status === undefined) {
      throw new ResponseError('the status line is malformed');
    }
    return this.#status;
  }
}

/** Where the line from `start` ends: before CR LF, or at the end of the text. */
function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\r\n', start);
  return end === -1 ? text.length : end;
}

function isLineEnd(text: string, at: number): boolean {
  return at === text.length || (text.charCodeAt(at) === 0x0d && text.charCodeAt(at + 1) === 0x0a);
}

interface Field {
  /** As it came, with the CR LF before it. */
  readonly line: string;
  readonly name: string;
  readonly value: string;
}

function fieldOf(line: string): Field {
  const colon = line.indexOf(':');
  const name = line.slice(2, Math.max(colon, 2));
  const value = trimBlanks(line.slice(colon + 1));
  if (!token.test(name) || !fieldValue.test(value)) {
    throw new ResponseError('a header field is malformed');
  }
  return { line, name: name.toLowerCase(), value };
}

function add(headers: Record<string, string | string[]>, field: Field): Field {
  addField(headers, field.name, field.value);
  return field;
}

/** Adds a field, its name in lower case; one of a name that is there already makes an array. */
export function addField(headers: Record<string, string | string[]>, name: string, value: string): void {
  const before = headers[name];
  if (before === undefined || !Object.hasOwn(headers, name)) {
    set(headers, name, value);
  } else if (typeof before === 'string') {
    headers[name] = [before, value];
  } else {
    before.push(value);
  }
}

/** A continuation line is a space (RFC 9112, 5.2). */
function unfold(headers: Record<string, string | string[]>, last: Field | undefined, line: string): Field {
  const more = trimBlanks(line.slice(2));
  if (last === undefined || !fieldValue.test(more)) {
    throw new ResponseError('a header field is malformed');
  }
  const before = headers[last.name];
  // Not to be found again by its line: alone it is no field.
  const field = { line: '\n', name: last.name, value: trimBlanks(`${last.value} ${more}`) };
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
  return isBlank(line.charCodeAt(2));
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
