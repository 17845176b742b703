/** The text on one line: control characters of ASCII are escaped as in JSON. */
export function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}
