import { asBuffer } from '../as-buffer.ts';

/** A body as it was kept: text that is JSON, other text, or bytes. */
export type Content =
  | { readonly form: 'json'; readonly text: string }
  | { readonly form: 'text'; readonly text: string }
  | {
      readonly form: 'base64';
      readonly bytes: Uint8Array;
      /** Of bytes that a transform has put there, empty: not known; absent: it is that of the header. */
      readonly contentType?: string | undefined;
    };

/** The value that a body has in a record; undefined for none. */
export function valueOf(content: Content | undefined): unknown {
  switch (content?.form) {
    case undefined:
      return undefined;
    case 'json':
      return JSON.parse(content.text);
    case 'text':
      return content.text;
    case 'base64':
      return base64(content.bytes);
    default:
      return content satisfies never;
  }
}

/** Base64 of bytes, without a copy of them. */
export function base64(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('base64');
}
