import { compile, tokenize } from '@jmespath-community/jmespath';
import { messageOf } from '../../model/errors.ts';

/**
 * Where an expression of JMESPath that does not parse goes wrong, from 0; its length: something is missing at
 * its end. The library says what is wrong and not where, so the shortest beginning of the expression is
 * looked for that nothing could follow to make it right.
 */
export function unexpectedAt(text: string): number {
  const tokens = tokensOf(text);
  if (tokens === undefined) {
    return unreadableAt(text);
  }
  const at = tokens.findIndex((_, index) => isWrong(text.slice(0, tokens[index + 1]?.start)));
  return tokens[at]?.start ?? unclosedText(text) ?? text.length;
}

/** Where a text in single quotes begins that has no end, which the library takes. */
export function unclosedText(text: string): number | undefined {
  const start = tokensOf(text)?.at(-1)?.start;
  return start !== undefined && text[start] === "'" && !closedText.test(text.slice(start))
    ? start
    : undefined;
}

const closedText = /^'(?:\\[\\']|\\(?![\\'])|[^'\\])*'/;

function tokensOf(text: string): readonly { readonly start: number }[] | undefined {
  try {
    return tokenize(text);
  } catch {
    return undefined;
  }
}

/** After the longest beginning that is made of words of the language. */
function unreadableAt(text: string): number {
  let at = text.length - 1;
  while (tokensOf(text.slice(0, at)) === undefined) {
    at--;
  }
  return at;
}

/** False: it is right, or may become right by what follows. The parser then complains of the end. */
function isWrong(beginning: string): boolean {
  try {
    compile(beginning);
    return false;
  } catch (error) {
    return !/(?:got: |\()EOF/.test(messageOf(error));
  }
}
