import { crypto } from '../../model/crypto.ts';
import type { Task } from '../../model/task.ts';

/** The first eight bytes of a SHA-256. */
export type Fingerprint = Buffer;

/**
 * What tells a task from another, whatever its place in the list and the machine: SHA-256 of the JSON
 * array `[id,method,url]` without spaces (`id` null unless it was given), and, if there is a body, a
 * line feed and the body, or the name of its file. Never to change: shards of one run may be on
 * machines with other versions.
 */
export function identityOf({ id, url, request }: Task): Fingerprint {
  return digest([id ?? null, request.method, url], request.body ?? request.bodyFile);
}

/** What tells a request from another: method, URL, header fields and body, but not the id. */
export function requestFingerprint({ url, request }: Task): Fingerprint {
  return digest([request.method, url, ...request.headers], request.body ?? request.bodyFile);
}

function digest(texts: readonly (string | null)[], body: Uint8Array | string | undefined): Fingerprint {
  const head = JSON.stringify(texts);
  const all = body === undefined ? head : Buffer.concat([Buffer.from(`${head}\n`), Buffer.from(body)]);
  return crypto().hash('sha256', all, 'buffer').subarray(0, 8);
}
