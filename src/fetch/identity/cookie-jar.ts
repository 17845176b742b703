import fs from 'node:fs';
import { CookieJar as Rules, MemoryCookieStore } from 'tough-cookie';
import { messageOf, SinkError, UsageError } from '../../model/errors.ts';
import type { ResponseHeaders } from '../http/response-head.ts';
import { formatCookies, parseCookies } from './cookie-file.ts';
import { checkWritable, replaceFile } from './replace-file.ts';

/** What is sent at the most, as with curl: more makes servers refuse the request. */
const mostCookies = 150;
const mostCharacters = 8190;

/** Cookies by the rules of RFC 6265, which are tough-cookie's: domains, paths, ends, public suffixes. */
export class CookieJar {
  readonly #store = new MemoryCookieStore();
  readonly #rules = new Rules(this.#store);
  readonly #path: string | undefined;

  private constructor(path: string | undefined) {
    this.#path = path;
  }

  /** A jar with the cookies of the files; `path` is where they go in the end. Empty names are no files. */
  static open(files: readonly string[], path: string | undefined): CookieJar {
    const jar = new CookieJar(path);
    for (const file of files.filter((name) => name !== '')) {
      jar.#read(file);
    }
    if (path !== undefined) {
      attempt(path, () => checkWritable(path)); // told now, not after an hour
    }
    return jar;
  }

  /** The Cookie field for a URL, when there is one. */
  of(url: string): string | undefined {
    let field = '';
    for (const cookie of this.#rules.getCookiesSync(url).slice(0, mostCookies)) {
      const longer = field === '' ? cookie.cookieString() : `${field}; ${cookie.cookieString()}`;
      if (longer.length > mostCharacters) {
        break;
      }
      field = longer;
    }
    return field || undefined;
  }

  /** Keeps what an answer sets. Cookies that break the rules are passed over, as browsers do. */
  onHead(url: string, headers: ResponseHeaders): void {
    const set = headers['set-cookie'] ?? [];
    for (const line of typeof set === 'string' ? [set] : set) {
      this.#rules.setCookieSync(line, url, { ignoreError: true });
    }
  }

  /** Writes the file, whole or not at all. Throws a `SinkError`. */
  async close(): Promise<void> {
    const path = this.#path;
    if (path !== undefined) {
      const text = formatCookies(await this.#store.getAllCookies());
      attempt(path, () => replaceFile(path, text));
    }
  }

  #read(file: string): void {
    for (const cookie of parseCookies(textOf(file, this.#path), file)) {
      // What is in the file was accepted once. The promise is done when it is made.
      void this.#store.putCookie(cookie);
    }
  }
}

/** The jar of the run before; in the first run there is none. */
function textOf(file: string, jar: string | undefined): string {
  if (file === jar && !fs.existsSync(file)) {
    return '';
  }
  try {
    return fs.readFileSync(file, 'latin1'); // one character a byte, as in header fields
  } catch (error) {
    throw new UsageError(`--cookie: cannot read ${file} (cookies themselves have a =): ${messageOf(error)}`);
  }
}

function attempt(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new SinkError(`--cookie-jar: cannot write ${path}: ${messageOf(error)}`, { cause: error });
  }
}
