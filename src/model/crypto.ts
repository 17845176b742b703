import type nodeCrypto from 'node:crypto';

/**
 * `node:crypto`, loaded when it is first used and not by an import: the names that an import binds
 * include getters that load what nobody here uses, 7 ms of every start.
 */
export function crypto(): typeof nodeCrypto {
  return process.getBuiltinModule('node:crypto');
}

/** The SHA-256 of it, in hexadecimal digits. */
export function sha256(content: string | Uint8Array): string {
  return crypto().hash('sha256', content);
}
