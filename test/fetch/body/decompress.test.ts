import zlib from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decompress, decompressSync, isEncoded } from '../../../src/fetch/body/decompress.ts';

const encoders = {
  gzip: zlib.gzipSync,
  'x-gzip': zlib.gzipSync,
  deflate: zlib.deflateSync,
  br: zlib.brotliCompressSync,
  zstd: zlib.zstdCompressSync,
  identity: (bytes: Uint8Array) => Buffer.from(bytes),
} as const satisfies Record<string, (bytes: Uint8Array) => Buffer>;
type Coding = keyof typeof encoders;
const codings: readonly Coding[] = ['gzip', 'x-gzip', 'deflate', 'br', 'zstd', 'identity'];

const plain = Buffer.from('hello, hello, hello '.repeat(500));

describe.each([
  ['decompressSync', async (...args: Parameters<typeof decompressSync>) => decompressSync(...args)],
  ['decompress', decompress],
])('%s', (_, undo) => {
  async function codeOf(...args: Parameters<typeof decompressSync>): Promise<string> {
    const result = await undo(...args);
    return 'kind' in result ? result.code : 'ok';
  }

  it.each(codings)('undoes %s', async (coding) => {
    expect(await undo(encoders[coding](plain), coding, plain.length)).toEqual(plain);
  });

  it('undoes deflate without the zlib header', async () => {
    expect(await undo(zlib.deflateRawSync(plain), 'deflate', 1e6)).toEqual(plain);
  });

  it('undoes several codings, the last one first', async () => {
    const wire = zlib.brotliCompressSync(zlib.gzipSync(plain));
    expect(await undo(wire, 'GZIP, , identity ,Br', 1e6)).toEqual(plain);
    expect(await undo(wire, ['gzip', 'br'], 1e6)).toEqual(plain);
  });

  it.each(['compress', 'gzip, foo', '__proto__', 'gzip;q=1', Array(6).fill('gzip').join()])(
    'does not know %j',
    async (encoding) => {
      expect(await codeOf(zlib.gzipSync(plain), encoding, 1e6)).toBe('UNSUPPORTED_ENCODING');
    },
  );

  it('undoes five codings', async () => {
    let wire: Buffer = plain;
    for (let times = 0; times < 5; times++) {
      wire = zlib.gzipSync(wire);
    }
    expect(await undo(wire, Array(5).fill('gzip').join(), 1e6)).toEqual(plain);
  });

  const compressed = codings.filter((coding) => coding !== 'identity');
  it.each(compressed)('stops %s at the limit', async (coding) => {
    expect(await codeOf(encoders[coding](plain), coding, plain.length - 1)).toBe('BODY_TOO_LARGE');
    expect(await codeOf(encoders[coding](Buffer.of(1)), coding, 0)).toBe('BODY_TOO_LARGE');
    expect(await codeOf(encoders[coding](plain), coding, 1e20)).toBe('ok');
  });

  it.each(compressed)('sees that %s is cut off or something else', async (coding) => {
    expect(await codeOf(encoders[coding](plain).subarray(0, -2), coding, 1e6)).toBe('DECODE_FAILED');
    expect(await codeOf(Buffer.from('\u0007<html>'), coding, 1e6)).toBe('DECODE_FAILED');
  });

  it('sees that zstd is cut off, wherever', async () => {
    const noise = Buffer.from(Array.from({ length: 300 }, (_, at) => (at * at * 7919) % 251));
    for (const data of [plain, noise, Buffer.of(1)]) {
      const wire = zlib.zstdCompressSync(data, { params: { [zlib.constants.ZSTD_c_checksumFlag]: 1 } });
      expect(await undo(wire, 'zstd', 1e6)).toEqual(data);
      for (let length = 1; length < wire.length; length++) {
        expect(await codeOf(wire.subarray(0, length), 'zstd', 1e6)).toBe('DECODE_FAILED');
      }
    }
  });

  // Node 22's zlib reads the first one only.
  it.skipIf(Number.parseInt(process.versions.node) < 24)('undoes zstd of several frames', async () => {
    const skipped = Buffer.from('50 2a 4d 18 03 00 00 00 01 02 03'.replaceAll(' ', ''), 'hex');
    const wire = Buffer.concat([zlib.zstdCompressSync(plain), skipped, zlib.zstdCompressSync(plain)]);
    expect(await undo(wire, 'zstd', 1e6)).toEqual(Buffer.concat([plain, plain]));
  });

  it('undoes what was done, whatever it was', async () => {
    const encoding = fc.array(fc.constantFrom(...codings), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), encoding, async (bytes, encoding) => {
        const wire = encoding.reduce((bytes, coding) => encoders[coding](bytes), Buffer.from(bytes));
        expect(await undo(wire, encoding.join(', '), 1e6)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('never throws for what a server sends', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), fc.constantFrom(...compressed), async (bytes, coding) => {
        expect(['ok', 'DECODE_FAILED', 'BODY_TOO_LARGE']).toContain(
          await codeOf(Buffer.from(bytes), coding, 100),
        );
      }),
    );
  });
});

describe('isEncoded', () => {
  it.each([
    [undefined, false],
    ['', false],
    ['identity', false],
    ['Identity, ', false],
    ['gzip', true],
    ['what', true],
    [['identity', 'br'], true],
  ])('%j: %s', (encoding, expected) => {
    expect(isEncoded(encoding)).toBe(expected);
  });
});
