import zlib from 'node:zlib';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { decompress, decompressSync } from '../../src/fetch/body/decompress.ts';
import { fuzz } from './fuzz.ts';

const encoders = {
  gzip: zlib.gzipSync,
  deflate: zlib.deflateSync,
  br: zlib.brotliCompressSync,
  zstd: zlib.zstdCompressSync,
} satisfies Record<string, (bytes: Buffer) => Buffer>;

const plain = fc.oneof(
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  fc.tuple(fc.string({ minLength: 1 }), fc.nat(3000)).map(([text, times]) => Buffer.from(text.repeat(times))),
);
const codings = fc.array(fc.constantFrom('gzip', 'deflate', 'br', 'zstd'), { minLength: 1, maxLength: 3 });
const said = fc.oneof(
  { weight: 8, arbitrary: fc.constant(undefined) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('gzip', 'x-gzip, identity', 'deflate', 'br,br', 'GZIP', ',', 'what', 'zstd'),
  },
);
const change = fc.record({ at: fc.nat(2000), drop: fc.nat(4), bytes: fc.uint8Array({ maxLength: 4 }) });

fuzz(
  'a body of any bytes is undone within its limit, or a failure',
  fc.tuple(plain, codings, said, fc.array(change, { maxLength: 3 }), fc.nat(5000)),
  async ([plain, codings, said, changes, maxBody]) => {
    const whole = codings.reduce((bytes, coding) => encoders[coding](bytes), plain);
    const wire = changes.reduce(splice, whole);
    const encoding = said ?? codings.join(', ');
    const undone = decompressSync(wire, encoding, maxBody);
    if (Buffer.isBuffer(undone)) {
      expect(undone.length).toBeLessThanOrEqual(maxBody);
      if (changes.length === 0 && said === undefined) {
        expect(undone.equals(plain)).toBe(true);
      }
    } else {
      expect(['DECODE_FAILED', 'BODY_TOO_LARGE', 'UNSUPPORTED_ENCODING']).toContain(undone.code);
    }
    const other = await decompress(wire, encoding, maxBody);
    expect(Buffer.isBuffer(other) ? other : 'failure').toEqual(Buffer.isBuffer(undone) ? undone : 'failure');
  },
  2,
);

function splice(wire: Buffer, { at, drop, bytes }: { at: number; drop: number; bytes: Uint8Array }): Buffer {
  const from = at % (wire.length + 1);
  return Buffer.concat([wire.subarray(0, from), bytes, wire.subarray(from + drop)]);
}
