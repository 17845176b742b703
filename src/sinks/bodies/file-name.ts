import { sha256 } from '../../model/crypto.ts';

/** Longer names are cut: most file systems allow 255 bytes, and a suffix and extension follow. */
const longest = 200;

/**
 * A name of a file for any text, the same on every system, that leads nowhere else: all but
 * `A-Z a-z 0-9 . _ -` is percent-encoded, and so is a first or last character that has a meaning for
 * shells and systems (`.hidden`, `-rf`, `NUL`). Different texts have different names (but for none, which
 * is `_`): where a long one is cut, a part of its SHA-256 stands at the end.
 */
export function fileName(text: string): string {
  const encoded = encodeURIComponent(text.toWellFormed())
    .replaceAll(/[!~*'()]/g, percent)
    .replace(/^[.-]/, percent)
    .replace(/\.$/, percent)
    .replace(/^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i, (device) => percent(device[0]!) + device.slice(1));
  if (encoded.length > longest) {
    return `${encoded.slice(0, longest).replace(/%.?$/, '')}-${sha256(text).slice(0, 16)}`;
  }
  return encoded === '' ? '_' : encoded;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
