import { asBuffer } from '../as-buffer.ts';

/** Makes text of bytes; what is malformed becomes U+FFFD. */
export interface Decoder {
  decode(bytes: Uint8Array): string;
}

/** UTF-8, a byte order mark taken off. */
export const utf8: Decoder = new TextDecoder();

/** By label; only those that exist are kept, so servers cannot make it grow. */
const decoders = new Map([['utf-8', utf8]]);

/** The decoder for the charset of a Content-Type; undefined for one that nobody knows. */
export function decoderFor(label: string): Decoder | undefined {
  const known = decoders.get(label);
  if (known !== undefined) {
    return known;
  }
  try {
    const decoder = new TextDecoder(label);
    const sound = decoder.encoding === 'windows-1252' ? windows1252 : decoder;
    decoders.set(label, sound);
    return sound;
  } catch (error) {
    if (error instanceof RangeError) {
      return undefined;
    }
    throw error;
  }
}

/** What 80 to 9F are in windows-1252 (Encoding standard, index-windows-1252). */
const upper =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

/** Own, because Node 22 decodes it, which is also what `iso-8859-1` means on the web, as true Latin-1. */
const windows1252: Decoder = {
  decode: (bytes) =>
    asBuffer(bytes)
      .toString('latin1')
      .replaceAll(/[\u0080-\u009f]/g, (one) => upper[one.charCodeAt(0) - 0x80]!),
};
