import { hasField } from '../../model/field.ts';
import { idempotentMethods } from '../../model/methods.ts';
import type { ResolvedOptions } from '../../model/options/options.ts';
import type { Job } from '../job.ts';

/** The options that say what may be repeated. */
export type RepeatPolicy = Pick<ResolvedOptions, 'retryUnsafe' | 'idempotencyKey'>;

/** Whether the server may see the job's next request twice. */
export function isRepeatable(job: Job, policy: RepeatPolicy): boolean {
  return idempotentMethods.has(job.request.method) || policy.retryUnsafe || hasIdempotencyKey(job, policy);
}

/** A key of the task's own, or one of ours, which stays behind when a redirect leads to another origin. */
export function hasIdempotencyKey(
  { request, origin, task }: Job,
  { idempotencyKey }: Pick<RepeatPolicy, 'idempotencyKey'>,
): boolean {
  const isOurs = idempotencyKey && origin === task.origin;
  return isOurs || hasField(request.headers, 'idempotency-key');
}
