import { constants } from 'node:buffer';
import type { Bytes } from '../units.ts';

/** `--max-body` as zlib takes it: it refuses a limit of 0, and one that no buffer can have. */
export function unpackedLimit(maxBody: Bytes): { readonly maxOutputLength: Bytes } {
  return { maxOutputLength: Math.min(Math.max(maxBody, 1), constants.MAX_LENGTH) };
}
