import { isIPv6 } from 'node:net';
import { UsageError } from '../../model/errors.ts';
import { withoutUserInfo } from '../../model/url.ts';
import { parseLetterRange, parseNumberRange, wordList, type Pattern } from './pattern.ts';

/** The place of `{id}`, which `--ids` fills. */
export const idSlot: unique symbol = Symbol('{id}');

/** A piece of a URL: fixed text, a choice of texts, or the place of the id. */
export type Segment = string | Pattern | typeof idSlot;

/**
 * Takes a URL with curl's globs apart: `[1-100]`, `[001-100:10]`, `[a-z]`, `{a,b}`; a backslash
 * before a bracket or brace makes it stand for itself, an IPv6 address in brackets is left alone.
 * Throws a `UsageError` that names the position (from 1) of a glob that makes no sense.
 */
export function parseGlob(url: string): Segment[] {
  const segments: Segment[] = [];
  const token = new RegExp(tokenSyntax);
  while (token.lastIndex < url.length) {
    const start = token.lastIndex;
    const groups = token.exec(url)?.groups;
    if (groups === undefined) {
      return fail(strayReasons[url[start]!]!, start, url);
    }
    const { text, escaped, range, set } = groups;
    if (range !== undefined) {
      segments.push(rangeSegment(range) ?? fail('bad range', start, url));
    } else if (set !== undefined) {
      segments.push(setSegment(set) ?? fail('empty braces', start, url));
    } else {
      segments.push(text ?? escaped!);
    }
  }
  return segments;
}

/** As curl has it: outside braces a backslash escapes brackets and braces only, inside them anything. */
const tokenSyntax =
  /(?<text>[^\\[\]{}]+|\\(?![[\]{}]))|\\(?<escaped>[[\]{}])|\[(?<range>[^\]]*)\]|\{(?<set>(?:[^\\[\]{}]|\\[^])*)\}/y;

/** Why no token begins at a character: what it opens has no end, or what it ends has no opening. */
const strayReasons: Readonly<Record<string, string>> = {
  '[': 'unclosed bracket',
  ']': 'unopened bracket',
  '{': 'unclosed or nested brace',
  '}': 'unopened brace',
};

function rangeSegment(range: string): Segment | undefined {
  return isIPv6(range) ? `[${range}]` : (parseNumberRange(range) ?? parseLetterRange(range));
}

function setSegment(set: string): Segment | undefined {
  if (set === 'id') {
    return idSlot;
  }
  return set === '' ? undefined : wordList(splitSet(set));
}

/** The words between the commas that no backslash escapes. */
function splitSet(set: string): string[] {
  const words = [''];
  for (const [piece] of set.matchAll(/\\[^]|[^\\]/g)) {
    if (piece === ',') {
      words.push('');
    } else {
      words.push(words.pop()! + piece.slice(-1));
    }
  }
  return words;
}

function fail(reason: string, start: number, url: string): never {
  throw new UsageError(
    `${reason} in URL at position ${start + 1}: ${withoutUserInfo(url)} (globs are [1-100], [001-100:10], [a-z] and {a,b}; ` +
      String.raw`write \[ for a bracket, or --globoff)`,
  );
}
