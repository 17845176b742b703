import { isUtf8 } from 'node:buffer';

/**
 * A field that was received as one character a byte, as text. Servers that do not percent-encode send
 * UTF-8, which is what browsers take it for.
 */
export function fieldText(field: string): string {
  const bytes = Buffer.from(field, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : field;
}
