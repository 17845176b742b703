/**
 * `node:crypto`, loaded when it is first used and not by an import: the names that an import binds
 * include getters that load what nobody here uses, 7 ms of every start.
 */
export function crypto(): typeof import('node:crypto') {
  return process.getBuiltinModule('node:crypto');
}
