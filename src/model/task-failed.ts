import type { Failure } from './failure.ts';
import type { TaskFailed } from './observer.ts';
import type { FetchRecord } from './record.ts';
import type { Milliseconds } from './units.ts';

/** What an observer is told of a record that is not ok. */
export function taskFailed(record: FetchRecord, failure: Failure, at: Milliseconds): TaskFailed {
  const { index, id, page, url, attempts } = record;
  const of = { index, id, ...(page !== undefined && page > 1 && { page }) };
  return { event: 'task-failed', at, ...of, url, attempts, failure };
}
