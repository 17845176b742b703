import { isAscii, isUtf8 } from 'node:buffer';
import { isJson } from '../json/json.ts';
import type { ResolvedOptions } from '../options/options.ts';
import { decoderFor, utf8 } from './charset.ts';
import { mediaType, type MediaType } from './media-type.ts';
import type { Content } from './value.ts';

/**
 * The form in which a decoded body stands in its record; undefined: in none. Nothing of `bytes` is
 * kept, so their memory may be used again.
 * - `auto`: JSON types as JSON, text types as text, others as base64. Without a type: UTF-8 is JSON
 *   when it is an object or array, else text; other bytes are base64.
 * - `json`: JSON whatever the type says. - `text` and `base64`: always that. - `none`: nothing.
 *
 * What should be JSON and is not, or is not UTF-8 (RFC 8259, 8.1), stands there as text.
 */
export function toContent(
  bytes: Buffer,
  contentType: string | readonly string[] | undefined,
  mode: ResolvedOptions['body'],
): Content | undefined {
  const type = mediaType(typeof contentType === 'object' ? contentType[0] : contentType);
  switch (mode) {
    case 'none':
      return undefined;
    case 'base64':
      return base64(bytes);
    case 'text':
      return text(bytes, type.charset);
    case 'json':
      return json(bytes) ?? text(bytes, type.charset);
    case 'auto':
      return auto(bytes, type);
    default:
      return mode satisfies never;
  }
}

function auto(bytes: Buffer, { form, charset }: MediaType): Content {
  switch (form) {
    case 'json':
      return json(bytes) ?? text(bytes, charset);
    case 'text':
      return text(bytes, charset);
    case 'bytes':
      return base64(bytes);
    case 'unknown':
      return sniffed(bytes);
    default:
      return form satisfies never;
  }
}

function base64(bytes: Buffer): Content {
  return { form: 'base64', bytes: Buffer.from(bytes) };
}

/** Undefined when the bytes are not JSON. Its text has no raw newline, as `recordLine` needs it. */
function json(bytes: Buffer): Content | undefined {
  const body = hasBom(bytes) ? bytes.subarray(3) : bytes;
  const isPlain = isAscii(body);
  if ((!isPlain && !isUtf8(body)) || !isJson(body)) {
    return undefined;
  }
  return { form: 'json', text: onOneLine(isPlain ? body.toString('latin1') : body.toString('utf8')) };
}

/** In JSON a raw newline is white space between tokens: strings can only hold it escaped. */
function onOneLine(json: string): string {
  return json.includes('\n') || json.includes('\r') ? json.replaceAll(/[\r\n][ \t\r\n]*/g, '') : json;
}

function hasBom(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/** Without a declared charset: UTF-8, else what Latin text was sent in before it. */
function text(bytes: Buffer, charset: string | undefined): Content {
  const label = charset ?? (isUtf8(bytes) ? 'utf-8' : 'windows-1252');
  return { form: 'text', text: (decoderFor(label) ?? utf8).decode(bytes) };
}

function sniffed(bytes: Buffer): Content {
  if (!isUtf8(bytes)) {
    return base64(bytes);
  }
  const content = json(bytes);
  return content?.form === 'json' && /^[ \t]*[[{]/.test(content.text) ? content : text(bytes, undefined);
}
