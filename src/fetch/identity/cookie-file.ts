import { Cookie } from 'tough-cookie';
import { UsageError } from '../../model/errors.ts';
import { fieldValue } from '../../model/field.ts';

/**
 * Reads cookies in the Netscape format, as curl and browsers' exports write it: a line each of domain,
 * whether subdomains get it, path, whether for https only, its end in seconds since the epoch (0: that
 * of the session), name and value, with tabs between; `#HttpOnly_` before the domain, other lines with
 * `#` are comments. Those that have ended are left out. Throws a `UsageError` with file and line,
 * never with what stands there.
 */
export function parseCookies(text: string, file: string): Cookie[] {
  return text.split(/\r?\n/).flatMap((line, at) => {
    if (line.trim() === '' || (line.startsWith('#') && !line.startsWith(httpOnly))) {
      return [];
    }
    const cookie = parseLine(line);
    if (cookie === undefined) {
      throw new UsageError(
        `${file}:${at + 1}: must be domain, TRUE or FALSE, path, TRUE or FALSE, seconds, name and value with tabs between`,
      );
    }
    return hasEnded(cookie) ? [] : [cookie];
  });
}

/**
 * Writes cookies in the Netscape format, as curl does. Those that have ended are left out, and those with a
 * tab in them (RFC 6265 allows a path to have one), for they would make the file unreadable.
 */
export function formatCookies(cookies: readonly Cookie[]): string {
  const lines = cookies.filter((cookie) => !hasEnded(cookie)).map(fieldsOf);
  const sound = lines.filter((fields) => !fields.some((field) => field.includes('\t')));
  return [title, ...sound.map((fields) => fields.join('\t')), ''].join('\n');
}

const httpOnly = '#HttpOnly_';

const title = `# Netscape HTTP Cookie File
# Written by bulkfetch. It holds secrets.
`;

const flag = /^(?:TRUE|FALSE)$/i;

function parseLine(line: string): Cookie | undefined {
  const isHttpOnly = line.startsWith(httpOnly);
  const fields = (isHttpOnly ? line.slice(httpOnly.length) : line).split('\t');
  const [domain = '', subdomains = '', path = '', secure = '', seconds = '', name = '', value = ''] = fields;
  const host = domain.replace(/^\./, '').toLowerCase();
  const isWellFormed =
    (fields.length === 6 || fields.length === 7) &&
    /^[^.#]/.test(host) &&
    flag.test(subdomains) &&
    path.startsWith('/') &&
    flag.test(secure) &&
    /^-?\d+$/.test(seconds) &&
    fieldValue.test(name + value);
  return isWellFormed
    ? new Cookie({
        key: name,
        value,
        domain: host,
        hostOnly: !isTrue(subdomains),
        path,
        secure: isTrue(secure),
        httpOnly: isHttpOnly,
        expires: Number(seconds) === 0 ? 'Infinity' : new Date(Number(seconds) * 1000),
        creation: new Date(),
      })
    : undefined;
}

function fieldsOf(cookie: Cookie): readonly string[] {
  const { key, value, domain, hostOnly, path, secure } = cookie;
  const endMs = cookie.expiryTime() ?? Number.POSITIVE_INFINITY;
  return [
    `${cookie.httpOnly ? httpOnly : ''}${hostOnly === true ? '' : '.'}${domain}`,
    hostOnly === true ? 'FALSE' : 'TRUE',
    path ?? '/',
    secure ? 'TRUE' : 'FALSE',
    String(Number.isFinite(endMs) ? Math.floor(endMs / 1000) : 0),
    key,
    value,
  ];
}

function isTrue(text: string): boolean {
  return text.toUpperCase() === 'TRUE';
}

function hasEnded(cookie: Cookie): boolean {
  return (cookie.expiryTime() ?? Number.POSITIVE_INFINITY) <= Date.now();
}
