/**
 * The text of a member's value, as it stands in the text of a JSON object; of the last one of that
 * name, as `JSON.parse` has it. Undefined: there is none. The text must be valid JSON.
 */
export function memberText(text: string, name: string): string | undefined {
  let found: string | undefined;
  let at = skipSpace(text, text.indexOf('{') + 1);
  while (text[at] === '"') {
    const keyEnd = endOfString(text, at);
    const key: unknown = JSON.parse(text.slice(at, keyEnd));
    const start = skipSpace(text, skipSpace(text, keyEnd) + ':'.length);
    const end = endOfValue(text, start);
    if (key === name) {
      found = text.slice(start, end);
    }
    at = skipSpace(text, skipSpace(text, end) + ','.length);
  }
  return found;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 0x20) {
    at++;
  }
  return at;
}

/** `from` is its opening quote. */
function endOfString(text: string, from: number): number {
  let quote = text.indexOf('"', from + 1);
  while (isEscaped(text, quote)) {
    quote = text.indexOf('"', quote + 1);
  }
  return quote + 1;
}

/** An odd number of backslashes stands before it. */
function isEscaped(text: string, quote: number): boolean {
  let backslash = quote;
  while (text[backslash - 1] === '\\') {
    backslash--;
  }
  return (quote - backslash) % 2 === 1;
}

/** What ends a number or literal, and what changes the depth. */
const structure = /["{}[\],\s]/g;

function endOfValue(text: string, from: number): number {
  const first = text[from]!;
  if (first === '"') {
    return endOfString(text, from);
  }
  structure.lastIndex = from;
  let depth = 0;
  for (let match = structure.exec(text); match !== null; match = structure.exec(text)) {
    const [found] = match;
    if (found === '"') {
      structure.lastIndex = endOfString(text, match.index);
    } else if (found === '{' || found === '[') {
      depth++;
    } else if (found === '}' || found === ']') {
      if (depth === 0) {
        return match.index; // of the object around a number or literal
      }
      if (--depth === 0) {
        return match.index + 1;
      }
    } else if (depth === 0) {
      return match.index;
    }
  }
  return text.length;
}
