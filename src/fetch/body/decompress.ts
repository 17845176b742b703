import { promisify } from 'node:util';
import { failure, type Failure } from '../../model/failure.ts';
import { unpackedLimit } from '../../model/body/unpacked-limit.ts';
import type { Bytes } from '../../model/units.ts';
import { isWholeZstd } from './zstd-frame.ts';

/** A `Content-Encoding` field: a list, possibly spread over several fields. */
type FieldValue = string | readonly string[] | undefined;

/** True when there is something to undo: a field that is not just `identity`. */
export function isEncoded(encoding: FieldValue): boolean {
  return encoding !== undefined && codingsOf(encoding).length > 0;
}

/**
 * Undoes a `Content-Encoding` (RFC 9110, 8.4) of at most five codings, never into more than
 * `maxBody` bytes. Holds the event loop: for small bodies, for which it is the fastest.
 */
export function decompressSync(wire: Buffer, encoding: FieldValue, maxBody: Bytes): Buffer | Failure {
  const steps = stepsOf(encoding);
  if (!Array.isArray(steps)) {
    return steps;
  }
  try {
    let bytes = wire;
    for (const step of steps) {
      bytes = step.sync(bytes, unpackedLimit(maxBody));
    }
    return bytes.length > maxBody ? tooLarge(maxBody) : bytes;
  } catch (error) {
    return failureOf(error, encoding, maxBody);
  }
}

/** As `decompressSync`, on the thread pool; `wire` must not change until it is done. */
export async function decompress(
  wire: Buffer,
  encoding: FieldValue,
  maxBody: Bytes,
): Promise<Buffer | Failure> {
  const steps = stepsOf(encoding);
  if (!Array.isArray(steps)) {
    return steps;
  }
  try {
    let bytes = wire;
    for (const step of steps) {
      bytes = await step.async(bytes, unpackedLimit(maxBody));
    }
    return bytes.length > maxBody ? tooLarge(maxBody) : bytes;
  } catch (error) {
    return failureOf(error, encoding, maxBody);
  }
}

interface Limit {
  readonly maxOutputLength: Bytes;
}

/** Both forms of undoing one coding. */
interface Step {
  readonly sync: (bytes: Buffer, limit: Limit) => Buffer;
  readonly async: (bytes: Buffer, limit: Limit) => Promise<Buffer>;
}

let knownSteps: ReadonlyMap<string, Step> | undefined;

/** By coding. Made when the first encoded body comes: loading zlib is 3 ms of start-up. */
function allSteps(): ReadonlyMap<string, Step> {
  return (knownSteps ??= makeSteps());
}

function makeSteps(): ReadonlyMap<string, Step> {
  const zlib = process.getBuiltinModule('node:zlib');
  const step = (sync: Step['sync'], async: CallbackForm): Step => ({ sync, async: promisify(async) });
  const gunzip = step(zlib.gunzipSync, zlib.gunzip);
  const inflate = step(zlib.inflateSync, zlib.inflate);
  const inflateRaw = step(zlib.inflateRawSync, zlib.inflateRaw);
  const zstd = step(zlib.zstdDecompressSync, zlib.zstdDecompress);
  const deflateForm = (bytes: Buffer) => (hasZlibHeader(bytes) ? inflate : inflateRaw);
  return new Map([
    ['gzip', gunzip],
    ['x-gzip', gunzip],
    [
      'deflate',
      {
        sync: (bytes, limit) => deflateForm(bytes).sync(bytes, limit),
        async: (bytes, limit) => deflateForm(bytes).async(bytes, limit),
      },
    ],
    ['br', step(zlib.brotliDecompressSync, zlib.brotliDecompress)],
    [
      'zstd',
      {
        sync: (bytes, limit) => zstd.sync(whole(bytes), limit),
        async: async (bytes, limit) => zstd.async(whole(bytes), limit),
      },
    ],
  ]);
}

type CallbackForm = (
  bytes: Buffer,
  limit: Limit,
  done: (error: Error | null, result: Buffer) => void,
) => void;

/** Throws for zstd data that is cut off, as zlib does for the other codings. */
function whole(bytes: Buffer): Buffer {
  if (!isWholeZstd(bytes)) {
    throw new Error('unexpected end of file');
  }
  return bytes;
}

/** `deflate` means the zlib format (RFC 1950, whose header is told by this sum), but some send it bare. */
function hasZlibHeader(bytes: Buffer): boolean {
  const [first = 0, second = 0] = bytes;
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
}

/** More are no use to anybody but an attacker: each may multiply the size by 1,000. */
const mostCodings = 5;

/** The last coding applied is undone first. */
function stepsOf(encoding: FieldValue): Step[] | Failure {
  const codings = codingsOf(encoding);
  const known = codings.map((coding) => allSteps().get(coding)).filter((step) => step !== undefined);
  if (known.length < codings.length || codings.length > mostCodings) {
    return failure('UNSUPPORTED_ENCODING', `cannot undo Content-Encoding: ${shown(encoding)}`);
  }
  return known.toReversed();
}

function codingsOf(encoding: FieldValue): string[] {
  return String(encoding ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
}

function failureOf(error: unknown, encoding: FieldValue, maxBody: Bytes): Failure {
  if (!(error instanceof Error) || error instanceof TypeError) {
    throw error;
  }
  return 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    ? tooLarge(maxBody)
    : failure('DECODE_FAILED', `the body is not ${shown(encoding)}: ${error.message}`);
}

function tooLarge(maxBody: Bytes): Failure {
  return failure('BODY_TOO_LARGE', `decoded body is larger than ${maxBody} bytes`);
}

function shown(encoding: FieldValue): string {
  return String(encoding).slice(0, 100);
}
