/**
 * Deepest nesting of a JSON text whose value is walked over. V8 does that by recursion, for each number
 * that is to keep its digits and, in Node 22, to write a value: a few thousand levels exhaust the stack.
 */
export const mostNesting = 1000;

/** Whether a JSON text nests deeper than that; for one that is not valid, the answer means nothing. */
export function nestsTooDeep(text: string): boolean {
  return text.length > 2 * mostNesting && depthOf(text) > mostNesting;
}

/** By hand: a regular expression that matches long strings exhausts the stack, too. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === backslash) {
      at++; // of a string: the next character does not end it
    } else if (code === quote) {
      isInString = !isInString;
    } else if (!isInString && (code === openBracket || code === openBrace)) {
      deepest = Math.max(deepest, ++depth);
    } else if (!isInString && (code === closeBracket || code === closeBrace)) {
      depth--;
    }
  }
  return deepest;
}

const [quote, backslash] = [0x22, 0x5c] as const;
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d] as const;
