/**
 * Text from outside made safe for a terminal: whatever could move the cursor, change colours, hide
 * or reorder characters (controls, bidirectional and other invisible marks, line separators, half
 * surrogates) becomes visible as `\u{1b}`.
 */
export function printable(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu,
    (character) => String.raw`\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}

/** At most `width` characters; what is cut off is marked by an ellipsis. */
export function clip(text: string, width: number): string {
  if (text.length <= width) {
    return text;
  }
  const characters = Array.from(text);
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}
