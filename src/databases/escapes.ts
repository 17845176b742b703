/**
 * Whether a JSON text has, escaped, what no text of PostgreSQL can hold: `\u0000`, or half a surrogate
 * pair. SQLite keeps it.
 */
export function hasUnstorable(json: string): boolean {
  return (
    json.includes(String.raw`\u`) && [...json.matchAll(escapes)].some(([, found]) => found !== undefined)
  );
}

/** Each escape of JSON once, so that `\\u0000` is a backslash and five letters; a whole pair is one of them. */
const escapes =
  /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(u0000|u[dD][89a-fA-F][\da-fA-F]{2})|[^])/g;
