import { createHash } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { refusal, resultOf, through } from './through.ts';

const gzip = { contentType: 'application/gzip' };

it('what is in the file becomes the body, of the type that it seems to have', async () => {
  const json = await through(['gunzip'], gzipSync('{"a":[1]}'), gzip);
  expect(json).toMatchObject({ body: { a: [1] }, bytes: 9 });
  expect(json.bodyEncoding).toBeUndefined();
  expect(await through(['gunzip'], gzipSync('a,b\n'), gzip)).toMatchObject({ body: 'a,b\n', bytes: 4 });
  expect(await through(['gunzip'], gzipSync(Uint8Array.of(0xff, 0xfe)), gzip)).toMatchObject({
    body: '//4=',
    bodyEncoding: 'base64',
  });
});

it('what is in all members of the file, whatever they are', async () => {
  const parts = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(parts, async (contents) => {
      const file = Buffer.concat(contents.map((part) => gzipSync(part)));
      const { result, bytes } = await through(['gunzip', 'hash:sha256'], file, gzip);
      const whole = Buffer.concat(contents);
      expect(bytes).toBe(whole.length);
      expect(result).toBe(createHash('sha256').update(whole).digest('hex'));
    }),
    { numRuns: 50 },
  );
});

it('what follows sees what was in the file', async () => {
  const file = gzipSync(gzipSync('{"users":[{"name":"Ada"}]}'));
  expect(await resultOf(['gunzip', 'gunzip', 'json:users[0].name'], file, gzip)).toBe('Ada');
  expect(await resultOf(['gunzip', 'hash:md5'], gzipSync('abc'), gzip)).toBe(
    await resultOf(['hash:md5'], 'abc'),
  );
});

it('a bomb is not unpacked beyond --max-body', async () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  await expect(through(['gunzip'], bomb, { ...gzip, maxBody: 1000 })).rejects.toThrow(
    'TRANSFORM_FAILED: gunzip: what is in the gzip file is larger than 1000 bytes, --max-body',
  );
  // Its end is never reached: without the limit, that would be the problem.
  await expect(
    through(['gunzip'], bomb.subarray(0, bomb.length / 2), { ...gzip, maxBody: 1000 }),
  ).rejects.toThrow('larger than 1000 bytes');
  const exact = gzipSync(Buffer.alloc(1000));
  expect((await through(['gunzip'], exact, { ...gzip, maxBody: 1000 })).bytes).toBe(1000);
  await expect(through(['gunzip'], exact, { ...gzip, maxBody: 999 })).rejects.toThrow('larger than 999');
  await expect(through(['gunzip'], gzipSync('a'), { ...gzip, maxBody: 0 })).rejects.toThrow('larger than 0');
});

it.each([
  [
    'plain text',
    Buffer.from('hello'),
    'the body is no gzip file (a Content-Encoding has been undone before)',
  ],
  ['nothing', Buffer.alloc(0), 'the body is no gzip file (a Content-Encoding has been undone before)'],
  [
    'another format',
    zstdCompressSync('a'),
    'the body is no gzip file (a Content-Encoding has been undone before)',
  ],
  [
    'a part of a file',
    gzipSync('hello hello').subarray(0, 15),
    'the body is a damaged gzip file: unexpected end of file',
  ],
  [
    'a file with a wrong sum',
    gzipSync('hello').fill(0, 17, 21),
    'the body is a damaged gzip file: incorrect data check',
  ],
])('%s', async (_, bytes, problem) => {
  await expect(through(['gunzip'], bytes, gzip)).rejects.toThrow(`TRANSFORM_FAILED: gunzip: ${problem}`);
});

it('takes no argument', async () => {
  expect(await refusal('gunzip:fast')).toBe('--transform: gunzip:fast: gunzip takes no argument');
  expect(await refusal('gunzip:')).toBe('--transform: gunzip:: gunzip takes no argument');
  expect(await refusal('gunzip')).toBeUndefined();
});
