import { crypto } from '../../model/crypto.ts';
import { hasField } from '../../model/field.ts';
import { idempotentMethods } from '../../model/methods.ts';
import type { RequestSpec } from '../../model/task.ts';
import type { Job } from '../job.ts';

/** Whether a request gets a key: its method must not be repeated without one, and it has none of its own. */
export function takesKey(job: Job, request: RequestSpec): boolean {
  return (
    job.origin === job.task.origin &&
    !idempotentMethods.has(request.method) &&
    !hasField(request.headers, 'idempotency-key')
  );
}

/**
 * A key that is the same on every attempt and in a later run: the SHA-256 of the id (or the index),
 * method, URL and body, as a UUID of version 8 (RFC 9562, 5.8).
 */
export function idempotencyKey({ task, url }: Job, { method, body }: RequestSpec): string {
  const hash = crypto().createHash('sha256');
  const id = task.id === undefined ? `index ${task.index}` : `id ${task.id}`;
  hash.update(JSON.stringify([id, method, url]));
  if (body !== undefined) {
    hash.update(body);
  }
  const bytes = hash.digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80; // version 8
  bytes[8] = (bytes[8]! & 0x3f) | 0x80; // variant 10
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
