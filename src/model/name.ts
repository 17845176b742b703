/**
 * A name out of an input (a key, a column) as it stands in a message, which is one line and not a long one:
 * in quotes and escaped when it has control characters or line separators, and cut when it is long.
 */
export function nameText(name: string): string {
  const short = name.length > longest ? `${name.slice(0, longest)}…` : name;
  return /[\p{Cc}\p{Zl}\p{Zp}]/u.test(short) ? JSON.stringify(short) : short;
}

const longest = 100;
