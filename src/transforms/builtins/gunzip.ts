import { unpackedLimit } from '../../model/body/unpacked-limit.ts';
import { messageOf, UsageError } from '../../model/errors.ts';
import type { Bytes } from '../../model/units.ts';
import { TransformError } from '../transform-error.ts';
import type { Builtin } from '../transform.ts';

/** `gunzip`: the body is a gzip file, such as `data.json.gz`; what is in it becomes the body. */
export const gunzip = {
  about: 'gunzip  a body that is a gzip file gives way to what is in it',
  parse(argument) {
    if (argument !== undefined) {
      throw new UsageError('gunzip takes no argument');
    }
    return (record, context) => {
      context.replaceBody(unpack(context.bytes, context.maxBody));
      return record;
    };
  },
} satisfies Builtin;

/** What is in all members of a gzip file (RFC 1952), one after the other. Throws a `TransformError`. */
function unpack(bytes: Uint8Array, maxBody: Bytes): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) {
    throw new TransformError('the body is no gzip file (a Content-Encoding has been undone before)');
  }
  let unpacked: Uint8Array;
  try {
    unpacked = process.getBuiltinModule('node:zlib').gunzipSync(bytes, unpackedLimit(maxBody));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) {
      throw error;
    }
    throw error.code === 'ERR_BUFFER_TOO_LARGE'
      ? tooLarge(maxBody)
      : new TransformError(`the body is a damaged gzip file: ${messageOf(error)}`, { cause: error });
  }
  if (unpacked.byteLength > maxBody) {
    throw tooLarge(maxBody);
  }
  return unpacked;
}

function tooLarge(maxBody: Bytes): TransformError {
  return new TransformError(`what is in the gzip file is larger than ${maxBody} bytes, --max-body`);
}
