import { UsageError } from '../../model/errors.ts';

/** A name and its password. */
export interface Login {
  readonly name: string;
  readonly password: string;
}

/** The logins of a netrc file. */
export interface Netrc {
  /** Of a host, without port. */
  of(hostname: string): Login | undefined;
}

/**
 * Reads a netrc file as curl does: `machine HOST` or `default`, then `login`, `password` and
 * `account` in any order over any lines; words may stand in quotes, with `\"`, `\\`, `\n`, `\r` and
 * `\t`; lines that begin with `#` are comments, and a `macdef` goes to the next empty line. The first
 * entry for a host counts. Throws a `UsageError` with file and line, never with what stands there.
 */
export function parseNetrc(text: string, file: string): Netrc {
  const refuse = (line: number, reason: string): never => {
    throw new UsageError(`${file}:${line}: ${reason}`);
  };
  const machines = new Map<string, Entry>();
  let fallback: Entry | undefined;
  let entry: Entry | undefined;

  const words = wordsOf(text, refuse);
  const argument = (of: Word): string => {
    const { value, done } = words.next();
    return done === true ? refuse(of.line, `${of.text} without a value`) : value.text;
  };
  for (const word of words) {
    if (word.text === 'machine') {
      const host = argument(word).toLowerCase();
      entry = {};
      if (!machines.has(host)) {
        machines.set(host, entry);
      }
    } else if (word.text === 'default') {
      entry = {};
      fallback ??= entry;
    } else if (entry !== undefined && word.text === 'login') {
      entry.name = argument(word);
    } else if (entry !== undefined && word.text === 'password') {
      entry.password = argument(word);
    } else if (entry !== undefined && word.text === 'account') {
      argument(word);
    } else {
      refuse(
        word.line,
        entry === undefined
          ? "must begin with 'machine HOST' or 'default'"
          : 'expected machine, default, login, password, account or macdef',
      );
    }
  }
  return { of: (hostname) => loginOf(machines.get(hostname.toLowerCase()) ?? fallback) };
}

interface Entry {
  name?: string;
  password?: string;
}

function loginOf(entry: Entry | undefined): Login | undefined {
  const { name, password } = entry ?? {};
  return name === undefined && password === undefined
    ? undefined
    : { name: name ?? '', password: password ?? '' };
}

interface Word {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** The words of the file; comments and macros are left out. */
function* wordsOf(
  text: string,
  refuse: (line: number, reason: string) => never,
): Generator<Word, void, undefined> {
  let isMacro = false;
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (isMacro || line.trimStart().startsWith('#')) {
      isMacro &&= line.trim() !== '';
      continue;
    }
    for (const [word, quoted, open] of line.matchAll(/"((?:[^"\\]|\\.)*)"|(")|[^\s"]\S*/g)) {
      if (open !== undefined) {
        refuse(at + 1, 'a quote that does not end');
      }
      if (word === 'macdef') {
        isMacro = true;
        break;
      }
      yield {
        text: quoted?.replaceAll(/\\(.)/g, (_, letter: string) => escapes[letter] ?? letter) ?? word,
        line: at + 1,
      };
    }
  }
}
