import { failure, type Failure } from './failure.ts';

/** A URL taken apart for fetching. */
export interface Target {
  /** Absolute and normalized, without fragment and without user name and password. */
  readonly url: string;
  readonly origin: string;
  /** `Basic …`, from a user name and password in the URL (RFC 7617). */
  readonly authorization?: string;
}

/**
 * Already in the form that the WHATWG URL parser would give it: lower-case host, no default port,
 * no user info, no fragment, nothing to percent-encode. Most lines of most lists are, and for those
 * `new URL` (over 1 us each) tells nothing new. What is doubtful is left to the parser.
 */
const normalHttp =
  /^http:\/\/(?:(?:(?:[1-9]?\d|1\d\d)\.){3}(?:[1-9]?\d|1\d\d)|(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z](?:[a-z0-9-]*[a-z0-9])?)(?::(?!80\/)(?:[1-9]\d{0,3}|[1-5]\d{4}))?\/[!$&'()*+,\-./0-9:;=@A-Z_a-z~|%]*(?:\?[!$&()*+,\-./0-9:;=@A-Z_a-z~|%?]*)?$/;

/** May hold a dot segment (`/../`, `/%2e/`) or punycode, which the parser resolves or checks. */
const doubtful = /\/\.|%2e|xn--/i;

/** Splits a URL into what the engine needs, or says why it cannot be fetched. */
export function parseTarget(text: string): Target | Failure {
  return normalHttp.test(text) && !doubtful.test(text)
    ? { url: text, origin: originOf(text) }
    : parseSlowly(text);
}

/** Path and query of a normalized URL: the request target. `/users/17?full=1` */
export function pathOf({ url, origin }: Pick<Target, 'url' | 'origin'>): string {
  return url.slice(origin.length);
}

/**
 * The origin of the URL parsed last. Lists run over the same host again and again, and one string
 * for all of them spares memory, and time where hosts are looked up.
 */
let lastOrigin = '';

function originOf(url: string): string {
  const end = url.indexOf('/', 'http://'.length);
  if (end !== lastOrigin.length || !url.startsWith(lastOrigin)) {
    lastOrigin = url.slice(0, end);
  }
  return lastOrigin;
}

/** True when `parseTarget` failed. */
export function isFailure(value: Target | Failure): value is Failure {
  return 'kind' in value;
}

function parseSlowly(text: string): Target | Failure {
  const url = URL.parse(text);
  if (url === null) {
    return failure('INVALID_URL', `not a URL: ${quote(text)}`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return failure('UNSUPPORTED_SCHEME', `neither http nor https: ${quote(text)}`);
  }
  url.hash = '';
  const { username, password } = url;
  url.username = url.password = '';
  const target = { url: url.href, origin: url.origin };
  return username + password === ''
    ? target
    : { ...target, authorization: basic(decode(username), decode(password)) };
}

/**
 * What the user wrote for a URL, which may be none, without the user name and password in it. Often it is
 * these that make it none (`http://me:p/ss@host/`), so all between scheme and last `@` goes that has a
 * colon, as they have, or could be a host's user.
 */
export function withoutUserInfo(text: string): string {
  const start = /^\s*(?:[a-z][a-z\d+.-]*:)?[/\\]*/i.exec(text)?.[0] ?? '';
  const info = text.slice(start.length, Math.max(start.length, text.lastIndexOf('@')));
  const isMeant = info.includes(':') || !/[\s/\\?#]/.test(info);
  return info !== '' && isMeant ? start + text.slice(start.length + info.length + 1) : text;
}

/** At most 200 characters of what the user wrote, with control characters escaped. */
function quote(url: string): string {
  const text = withoutUserInfo(url);
  const short = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  return JSON.stringify(short);
}

/** The value of an `Authorization` field for a user name and password (RFC 7617, in UTF-8). */
export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % is kept as it was written
  }
}
