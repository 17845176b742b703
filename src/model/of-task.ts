import type { Failure } from './failure.ts';
import type { OfTask, TaskFailed } from './observer.ts';
import type { FetchRecord } from './record.ts';
import type { Milliseconds } from './units.ts';

/** Which task, as an observer is told it: the first page is not named. */
export function ofTask({
  index,
  id,
  page = 1,
}: Pick<FetchRecord, 'index' | 'id'> & { page?: number | undefined }): OfTask {
  return { index, id, ...(page > 1 && { page }) };
}

/** What an observer is told of a record that is not ok. */
export function taskFailed(record: FetchRecord, failure: Failure, at: Milliseconds): TaskFailed {
  const { url, attempts } = record;
  return { event: 'task-failed', at, ...ofTask(record), url, attempts, failure };
}
