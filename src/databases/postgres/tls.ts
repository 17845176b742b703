import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { messageOf, UsageError } from '../../model/errors.ts';

/**
 * How to speak to the server in secret; undefined: in the clear. `option` gives `sslmode`, `sslrootcert`,
 * `sslcert` and `sslkey`. Whoever asks for TLS has the server verified, as `pg` does it, and in contrast to
 * psql; `no-verify` asks for none of it. Throws a `UsageError`.
 */
export function toTls(option: (name: string) => string | undefined): ConnectionOptions | undefined {
  const mode = option('sslmode');
  const files = { ca: option('sslrootcert'), cert: option('sslcert'), key: option('sslkey') };
  const isAsked = Object.values(files).some((file) => file !== undefined);
  switch (mode) {
    case 'disable':
      return undefined;
    case undefined:
      return isAsked ? readAll(files) : undefined;
    case 'no-verify':
      return { ...readAll(files), rejectUnauthorized: false };
    case 'prefer':
    case 'require':
    case 'verify-ca':
    case 'verify-full':
      return readAll(files);
    default:
      throw new UsageError(
        `sslmode must be disable, no-verify, require or verify-full, not ${JSON.stringify(mode)}`,
      );
  }
}

function readAll(files: Readonly<Record<string, string | undefined>>): ConnectionOptions {
  const given = Object.entries(files).flatMap(([name, file]) => (file === undefined ? [] : [[name, file]]));
  try {
    return Object.fromEntries(given.map(([name, file]) => [name, readFileSync(file as string)]));
  } catch (error) {
    throw new UsageError(`names a certificate that cannot be read: ${messageOf(error)}`);
  }
}
