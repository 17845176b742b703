/** What a line of the output says that matters for going on. */
export interface Entry {
  readonly index: number;
  readonly ok: boolean;
  /** Absent where `--fields` leaves it out, as are the others. */
  readonly url?: string | undefined;
  readonly page?: number | undefined;
  /** Where the next page is. */
  readonly next?: string | undefined;
  readonly file?: string | undefined;
  readonly status?: number | undefined;
  readonly error?: { readonly kind?: string | undefined; readonly code?: string | undefined } | undefined;
}

/**
 * Reads the line from `start` up to the line feed at `end` of a text in Latin-1, which has a character
 * for each byte. Undefined: it is no record with an index. The line of a task that succeeded is not
 * parsed, only its beginning is looked at, unless `hasFiles` says that more of it is wanted.
 */
export function readEntry(text: string, start: number, end: number, hasFiles: boolean): Entry | undefined {
  beginning.lastIndex = start;
  const [, index, url, page, next] = (hasFiles ? undefined : beginning.exec(text)) ?? [];
  if (index !== undefined && url !== undefined) {
    return {
      index: Number(index),
      ok: true,
      url: textOf(url),
      page: page === undefined ? undefined : Number(page),
      next: next === undefined ? undefined : textOf(next),
    };
  }
  return entryOf(valueOf(text.slice(start, end)));
}

const string = String.raw`"[^"\\\n]*(?:\\.[^"\\\n]*)*"`;

/** As `recordLine` begins the line of a task that succeeded. */
const beginning = new RegExp(
  String.raw`\{"index":(\d+),"id":${string},"url":(${string})(?:,"finalUrl":${string})?` +
    String.raw`(?:,"page":(\d+)(?:,"next":(${string}))?)?,"ok":true,`,
  'y',
);

/** Of a JSON string in Latin-1. */
function textOf(string: string): string {
  const isPlain = !string.includes('\\') && !/[^ -~]/.test(string);
  return isPlain ? string.slice(1, -1) : String(valueOf(string));
}

/** Of JSON in UTF-8 that was read as Latin-1. */
function valueOf(json: string): unknown {
  try {
    return JSON.parse(Buffer.from(json, 'latin1').toString());
  } catch {
    return undefined;
  }
}

function entryOf(line: unknown): Entry | undefined {
  const index = numberIn(line, 'index');
  if (index === undefined || !Number.isSafeInteger(index) || index < 0) {
    return undefined;
  }
  const error = valueIn(line, 'error');
  const status = numberIn(line, 'status');
  const kind = textIn(error, 'kind') ?? textIn(line, 'error.kind');
  const code = textIn(error, 'code') ?? textIn(line, 'error.code');
  const ok = valueIn(line, 'ok') ?? (kind === undefined && code === undefined && (status ?? 0) < 400);
  return {
    index,
    ok: ok === true,
    url: textIn(line, 'url'),
    page: numberIn(line, 'page'),
    next: textIn(line, 'next'),
    file: textIn(line, 'file'),
    status,
    error: { kind, code },
  };
}

function valueIn(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function textIn(value: unknown, name: string): string | undefined {
  const text = valueIn(value, name);
  return typeof text === 'string' ? text : undefined;
}

function numberIn(value: unknown, name: string): number | undefined {
  const number = valueIn(value, name);
  return typeof number === 'number' ? number : undefined;
}
