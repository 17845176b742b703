import { once } from 'node:events';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/model/errors.ts';
import { decompress } from '../../../src/sources/bytes/decompress.ts';

const { Z_SYNC_FLUSH, ZSTD_e_flush } = zlib.constants;

const kinds = [
  { compression: 'gzip', create: zlib.createGzip, flush: Z_SYNC_FLUSH },
  { compression: 'zstd', create: zlib.createZstdCompress, flush: ZSTD_e_flush },
] as const;

describe.each(kinds)('$compression, cut at every byte', ({ compression, create, flush }) => {
  it.each([7, 100_000])(
    'gives all that was flushed before the cut, read %i bytes at a time',
    async (chunkBytes) => {
      const one = await flushed(create(), flush);
      const both = Buffer.concat([one.bytes, one.bytes]);
      const flushes = [
        ...one.flushes,
        ...one.flushes.map(({ at, length }) => ({
          at: at + one.bytes.length,
          length: length + one.text.length,
        })),
      ];
      for (let cut = 1; cut <= both.length; cut++) {
        let text = '';
        let fault: unknown;
        try {
          for await (const piece of decompress(
            { name: 'a', chunks: chunks(both.subarray(0, cut), chunkBytes) },
            compression,
          )) {
            text += String(piece);
          }
        } catch (error) {
          fault = error;
        }
        const least = Math.max(0, ...flushes.filter(({ at }) => at <= cut).map(({ length }) => length));
        expect(text.length).toBeGreaterThanOrEqual(least);
        expect((one.text + one.text).startsWith(text)).toBe(true);
        const isWhole = cut % one.bytes.length === 0;
        expect(fault).toEqual(
          isWhole ? undefined : new UsageError(`a: not whole ${compression} data: unexpected end of file`),
        );
      }
    },
  );
});

/** Some lines, flushed every other one; after how many bytes of data how much of them can be had. */
async function flushed(stream: zlib.Gzip | zlib.ZstdCompress, kind: number) {
  const pieces: Buffer[] = [];
  stream.on('data', (piece: Buffer) => pieces.push(piece));
  const flushes: { at: number; length: number }[] = [];
  let text = '';
  for (let line = 0; line < 6; line++) {
    const added = `${line} ${Math.random()}\n`.repeat(2);
    text += added;
    stream.write(added);
    await new Promise<void>((resolve) => stream.flush(kind, resolve));
    flushes.push({ at: Buffer.concat(pieces).length, length: text.length });
  }
  stream.end();
  await once(stream, 'end');
  return { bytes: Buffer.concat(pieces), text, flushes };
}

async function* chunks(bytes: Buffer, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += size) {
    yield bytes.subarray(at, at + size);
  }
}
