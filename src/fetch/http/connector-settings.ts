import fs from 'node:fs';
import { messageOf, UsageError } from '../../model/errors.ts';
import type { ResolvedOptions } from '../../model/options/options.ts';
import type { ConnectorSettings } from './connector.ts';
import { createContext, type TlsSettings } from './tls.ts';

/**
 * How the options want sockets to be made. Reads the files of certificates; throws a `UsageError` when
 * one cannot be read or used, before anything is fetched.
 */
export function connectorSettings(options: ResolvedOptions): ConnectorSettings {
  const { insecure, cacert, ipv4, ipv6, resolve, denyPrivate } = options;
  if (ipv4 && ipv6) {
    throw new UsageError('--ipv4 and --ipv6 exclude each other: give one of them, or none for both');
  }
  return {
    insecure,
    ca: cacert === undefined ? undefined : readFile('--cacert', cacert),
    ...ownCertificate(options),
    pins: resolve,
    family: ipv4 ? 4 : ipv6 ? 6 : undefined,
    denyPrivate,
  };
}

function ownCertificate(options: ResolvedOptions): Pick<TlsSettings, 'cert' | 'key' | 'passphrase'> {
  if (options.cert === undefined) {
    if (options.key !== undefined || options.pass !== undefined) {
      throw new UsageError(`--${options.key === undefined ? 'pass' : 'key'}: needs a --cert`);
    }
    return {};
  }
  const { file, password } = splitCert(options.cert);
  const cert = readFile('--cert', file);
  const key = options.key === undefined ? cert : readFile('--key', options.key);
  if (!key.includes('PRIVATE KEY-----')) {
    throw new UsageError(
      options.key === undefined
        ? `--cert: ${file} holds no private key: give its file as --key`
        : `--key: ${options.key} holds no private key in PEM`,
    );
  }
  const own = { cert, key, passphrase: options.pass ?? password };
  if (key.includes('ENCRYPTED') && own.passphrase === undefined) {
    throw new UsageError(`--cert: the private key in ${options.key ?? file} is encrypted: give --pass`);
  }
  try {
    createContext({ insecure: false, ...own });
  } catch (error) {
    const where = options.key === undefined ? file : `${file} with the key in ${options.key}`;
    throw new UsageError(`--cert: cannot use ${where}: ${reasonOf(error)}`);
  }
  return own;
}

/** `FILE[:PASSWORD]`, as curl has it: a colon of the file's name has a backslash before it. */
function splitCert(text: string): { readonly file: string; readonly password: string | undefined } {
  const [, name = text, password] = /^((?:\\.|[^\\:])+):(.*)$/s.exec(text) ?? [];
  return { file: name.replaceAll('\\:', ':'), password };
}

/** OpenSSL's reason without its file names. */
function reasonOf(error: unknown): string {
  return error instanceof Error && 'reason' in error && typeof error.reason === 'string'
    ? error.reason
    : messageOf(error);
}

function readFile(flag: string, path: string): string {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${flag}: cannot read ${path}: ${messageOf(error)}`);
  }
}
