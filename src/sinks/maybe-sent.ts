import { failure, type Failure } from '../model/failure.ts';
import type { Task } from '../model/task.ts';

/** Why a request is not sent again. */
export const maybeSent: Failure = failure(
  'MAYBE_SENT',
  'it was sent before the run was killed, and may not be sent twice (--resend-unknown does)',
);

/** The task ends as it is. */
export function notSentAgain(task: Task): Task {
  return { ...task, invalid: maybeSent };
}
