import { crypto } from '../../model/crypto.ts';
import { UsageError } from '../../model/errors.ts';
import { didYouMean, nearest } from '../../model/near.ts';
import type { Builtin } from '../transform.ts';
import { parseOptions } from './options.ts';

/** `hash:sha256`, `hash:sha256,rounds=100000`: the digest of the body, in hexadecimal. */
export const hash = {
  about: 'hash:ALGORITHM[,rounds=N]  digest of the raw body, hashed again as bytes for each further round',
  parse(argument = '') {
    const [, name = '', rest] = /^([^,]*)(?:,(.*))?$/s.exec(argument) ?? [];
    const algorithm = algorithmOf(name);
    const rounds = roundsOf(rest);
    return (record, context) => {
      record.result = digest(algorithm, context.bytes, rounds);
      return record;
    };
  },
} satisfies Builtin;

/**
 * The digest of the bytes, and for each further round the digest of the digest's bytes, in hexadecimal. One
 * buffer serves all rounds and the digests pass as text of one character a byte: Node makes that in a third
 * of the time of a new buffer for each, and most of a round is what stands around the hashing.
 */
export function digest(algorithm: string, bytes: Uint8Array, rounds: number): string {
  const { hash: hashOf } = crypto();
  const last = Buffer.from(hashOf(algorithm, bytes, 'latin1'), 'latin1');
  for (let round = 1; round < rounds; round++) {
    last.write(hashOf(algorithm, last, 'latin1'), 'latin1');
  }
  return last.toString('hex');
}

/** Of names that are as near, these are meant. */
const common = ['sha256', 'sha512', 'sha1', 'md5', 'sha3-256'];

function algorithmOf(name: string): string {
  const algorithms = crypto().getHashes();
  if (name === '') {
    throw new UsageError('must name an algorithm, as in hash:sha256');
  }
  if (!algorithms.some((one) => one.toLowerCase() === name.toLowerCase())) {
    const hint =
      didYouMean(nearest(name, [...common, ...algorithms])) || `: there are ${common.join(', ')} and others`;
    throw new UsageError(`no algorithm is called ${JSON.stringify(name)}${hint}`);
  }
  if (/^(?:shake|keccak-kmac)/i.test(name)) {
    throw new UsageError(`digests of ${name} have no length of their own`);
  }
  try {
    crypto().hash(name, '');
  } catch {
    throw new UsageError(`${name} is an algorithm that OpenSSL has here and does not allow`);
  }
  return name;
}

function roundsOf(text: string | undefined): number {
  const { rounds = '1' } = text === undefined ? {} : parseOptions(text, ['rounds']);
  if (!/^[1-9]\d{0,14}$/.test(rounds)) {
    throw new UsageError(`rounds must be a whole number of at least 1, not ${JSON.stringify(rounds)}`);
  }
  return Number(rounds);
}
