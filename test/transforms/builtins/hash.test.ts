import { execFileSync } from 'node:child_process';
import { createHash, getHashes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digest } from '../../../src/transforms/builtins/hash.ts';
import { refusal, resultOf, through } from './through.ts';

it('is the digest of the body, in hexadecimal', async () => {
  // FIPS 180-2, appendix B.1.
  expect(await resultOf(['hash:sha256'], 'abc')).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});

it('of the bytes as they came, whatever is shown of them', async () => {
  const bytes = Uint8Array.of(0xff, 0x00, 0xe9);
  const expected = createHash('md5').update(bytes).digest('hex');
  expect(await resultOf(['hash:md5'], bytes, { contentType: 'text/plain' })).toBe(expected);
  expect(await resultOf(['hash:md5'], '')).toBe('d41d8cd98f00b204e9800998ecf8427e');
});

it('leaves the rest of the record as it is', async () => {
  const record = await through(['hash:sha1'], '{"a":1}', { more: { meta: 7 } });
  expect(record).toMatchObject({ id: '0', ok: true, meta: 7, body: { a: 1 } });
});

it('the same rounds as other programs make of them', () => {
  const rounds = fc.integer({ min: 1, max: 50 });
  const algorithms = fc.constantFrom('sha256', 'md5', 'sha3-512', 'blake2s256');
  fc.assert(
    fc.property(algorithms, fc.uint8Array(), rounds, (algorithm, bytes, count) => {
      let expected: Uint8Array = bytes;
      for (let round = 0; round < count; round++) {
        expected = createHash(algorithm).update(expected).digest();
      }
      return digest(algorithm, bytes, count) === Buffer.from(expected).toString('hex');
    }),
  );
});

const script = `import hashlib
digest = hashlib.sha256('Grüße'.encode()).digest()
for _ in range(99999):
    digest = hashlib.sha256(digest).digest()
print(digest.hex())`;

/** What Python 3.11 prints, for where there is none. */
const known = '37276a18a35b132c7331a212e9cb0a2a6ce1f04b64cec147c19fa2409946154e';

it('100,000 rounds: what hashlib of Python makes', async () => {
  const python = outputOf('python3', ['-c', script]) ?? known;
  expect(python).toBe(known);
  expect(await resultOf(['hash:sha256,rounds=100000'], 'Grüße')).toBe(python);
});

describe('arguments', () => {
  it.each([
    ['hash', 'must name an algorithm, as in hash:sha256'],
    ['hash:', 'must name an algorithm, as in hash:sha256'],
    ['hash:sha265', 'no algorithm is called "sha265" (did you mean sha256?)'],
    [
      'hash:tiger',
      'no algorithm is called "tiger": there are sha256, sha512, sha1, md5, sha3-256 and others',
    ],
    ['hash:shake128', 'digests of shake128 have no length of their own'],
    ['hash:sha256,rounds=0', 'rounds must be a whole number of at least 1, not "0"'],
    ['hash:sha256,rounds=1e3', 'rounds must be a whole number of at least 1, not "1e3"'],
    ['hash:sha256,rounds=-1', 'rounds must be a whole number of at least 1, not "-1"'],
    ['hash:sha256,rounds=2,rounds=3', 'rounds is there twice'],
    ['hash:sha256,round=2', 'no option "round=2" (did you mean rounds?)'],
    ['hash:sha256,', 'no option "": there are rounds=…'],
    ['hash:sha256,5', 'no option "5": there are rounds=…'],
  ])('%s', async (spec, problem) => {
    expect(await refusal(spec)).toBe(`--transform: ${spec}: ${problem}`);
  });

  it.each(['hash:sha256,rounds=1', 'hash:SHA256', 'hash:RSA-SHA1-2'])('%s is right', async (spec) => {
    expect(await refusal(spec)).toBeUndefined();
  });

  it('every algorithm of this Node that has digests of one length', async () => {
    const fixed = getHashes().filter((name) => !/^(?:shake|keccak-kmac)/i.test(name));
    const refused = await Promise.all(fixed.map((name) => refusal(`hash:${name}`)));
    expect(refused.filter((one) => one !== undefined)).toEqual([]);
  });
});

function outputOf(command: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
