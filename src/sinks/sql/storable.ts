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

/** With `u`, a pair is one character, so that this matches halves of pairs alone. */
const unstorable = /\0|\p{Surrogate}/gu;

function escaped(character: string): string {
  return String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
