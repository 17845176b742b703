import { readFile } from 'node:fs/promises';
import { messageOf } from '../model/errors.ts';
import { failure, type Failure } from '../model/failure.ts';
import type { SentMarks } from '../model/marks.ts';
import type { RequestSpec } from '../model/task.ts';
import type { Job } from './job.ts';
import { isRepeatable, type RepeatPolicy } from './policy/repeatable.ts';

/** What is done before a job's request can be sent. Undefined, as for most: nothing. */
export type Prepare = (job: Job) => Preparing | undefined;

/** The request to send, or why it cannot be; undefined: it is not to be sent, for the run is broken. */
export type Preparing = Promise<RequestSpec | Failure | undefined>;

/** Where marks are made, if anywhere, and who is told that they cannot be. */
export interface MarkSettings {
  readonly marks: () => SentMarks | undefined;
  readonly onFault: (error: unknown) => void;
}

/** Reads bodies that are in files, and marks as sent what may not be sent twice. */
export function preparer(policy: RepeatPolicy, { marks, onFault }: MarkSettings): Prepare {
  const mark = async (job: Job, to: SentMarks): Promise<boolean> => {
    try {
      const { index, id = String(index) } = job.task;
      await to.add({ index, id, page: job.page, url: job.start.url });
      job.isMarked = true;
    } catch (error) {
      onFault(error);
    }
    return job.isMarked;
  };

  // The mark comes last: what cannot be sent leaves none.
  const prepared = async (job: Job, to: SentMarks | undefined): Preparing => {
    const { bodyFile } = job.request;
    const request = bodyFile === undefined ? job.request : await withBody(job.request, bodyFile);
    return to === undefined || 'kind' in request || (await mark(job, to)) ? request : undefined;
  };

  return (job) => {
    const given = marks();
    const to = given === undefined || job.isMarked || isRepeatable(job, policy) ? undefined : given;
    return to === undefined && job.request.bodyFile === undefined ? undefined : prepared(job, to);
  };
}

const outOfFiles: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE']);

/** With what the file holds now. */
async function withBody(request: RequestSpec, path: string): Promise<RequestSpec | Failure> {
  try {
    return { ...request, body: await readFile(path) };
  } catch (error) {
    const isOut = error instanceof Error && 'code' in error && outOfFiles.has(error.code);
    return failure(isOut ? 'TOO_MANY_OPEN_FILES' : 'BODY_FILE', `cannot read ${path}: ${messageOf(error)}`);
  }
}
