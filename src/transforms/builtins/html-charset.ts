import { isUtf8 } from 'node:buffer';
import { decoderFor, utf8, type Decoder } from '../../model/body/charset.ts';
import { mediaType } from '../../model/body/media-type.ts';
import { asBuffer } from '../../model/as-buffer.ts';

/**
 * The text of a page (HTML standard, 13.2.3.2): by a byte order mark, the `Content-Type`, or what its `<meta>`
 * or XML declaration says, whichever is there first; else UTF-8, and windows-1252 when it is not that.
 */
export function decodePage(bytes: Uint8Array, contentType: string | undefined): string {
  const declared = mediaType(contentType).charset;
  const decoder =
    byMark(bytes) ??
    known(declared) ??
    byDeclaration(bytes) ??
    (isUtf8(bytes) ? utf8 : known('windows-1252'));
  return (decoder ?? utf8).decode(bytes);
}

function byMark([first, second, third]: Uint8Array): Decoder | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) {
    return utf8;
  }
  return known(
    first === 0xfe && second === 0xff
      ? 'utf-16be'
      : first === 0xff && second === 0xfe
        ? 'utf-16le'
        : undefined,
  );
}

/** Where a page may still say it; browsers look at 1,024 bytes at first, and begin anew when it comes later. */
const declarationBytes = 8192;

const declarations = [
  /<meta\s[^>]*?charset\s*=\s*["']?\s*([^\s"'/>;]+)/i,
  /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([^"']+)/,
];

function byDeclaration(bytes: Uint8Array): Decoder | undefined {
  const beginning = asBuffer(bytes)
    .toString('latin1', 0, declarationBytes)
    .replaceAll(/<!--.*?(?:-->|$)/gs, '');
  for (const declaration of declarations) {
    const label = declaration.exec(beginning)?.[1]?.toLowerCase();
    // It was read as single bytes, so it cannot be UTF-16.
    const decoder = known(label?.startsWith('utf-16') ? 'utf-8' : label);
    if (decoder !== undefined) {
      return decoder;
    }
  }
  return undefined;
}

function known(label: string | undefined): Decoder | undefined {
  return label === undefined ? undefined : decoderFor(label);
}
