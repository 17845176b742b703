/**
 * A text as every database takes it: NUL and lone surrogates, which have no UTF-8 or end a text, stand
 * there as the six characters `\u0000` and `\ud800`.
 */
export function storable(text: string): string {
  return text.isWellFormed() && !text.includes('\0') ? text : text.replaceAll(unstorable, escaped);
}

/** A text that may be absent. */
export function storableOrNull(text: string | undefined): string | null {
  return text === undefined ? null : storable(text);
}

/** A value as JSON; null for none, and for what JSON has no form for, such as a function in `meta`. */
export function jsonOrNull(value: unknown): string | null {
  const text: string | undefined = JSON.stringify(value);
  return text ?? null;
}

/**
 * Whether a JSON text has, escaped, what no text of PostgreSQL can hold: `\u0000`, or half a surrogate
 * pair. SQLite keeps it.
 */
export function hasUnstorable(json: string): boolean {
  return (
    json.includes(String.raw`\u`) && [...json.matchAll(escapes)].some(([, found]) => found !== undefined)
  );
}

/** With `u`, a pair is one character, so that this matches halves of pairs alone. */
const unstorable = /\0|\p{Surrogate}/gu;

/** Each escape of JSON once, so that `\\u0000` is a backslash and five letters; a whole pair is one of them. */
const escapes =
  /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(u0000|u[dD][89a-fA-F][\da-fA-F]{2})|[^])/g;

function escaped(character: string): string {
  return String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
