import type { RequestSpec } from '../../model/task.ts';
import type { ResponseHeaders } from '../http/response-head.ts';
import type { Job } from '../job.ts';

/**
 * Who we are to a server: what each exchange carries beside the task's own request (cookies, tokens,
 * passwords of hosts), and what answers change in it. None is set up in most runs.
 */
export interface Identity {
  /** What goes out for the job now. The same object for the same fields, so that heads are made once. */
  dress(job: Job, request: RequestSpec): RequestSpec;
  /** The head of an answer to the job has come. */
  onHead(job: Job, status: number, headers: ResponseHeaders): void;
  /**
   * A promise when the job's 401 is to be answered with other credentials: true when they are there,
   * false when they cannot be had, which makes the 401 the answer.
   */
  renew(job: Job): Promise<boolean> | undefined;
  /** The credentials are known to be refused and others are on their way: nothing is to start. */
  readonly isRenewing: boolean;
  /** The run is over: what is to be kept is written. Throws a `SinkError`. */
  close(): Promise<void>;
}

/** What an identity needs beside the options. */
export interface IdentitySettings {
  /** Told, in one line, of credentials that could not be renewed. */
  readonly onWarning: (message: string) => void;
  /** Aborting it ends a token command that runs. */
  readonly signal?: AbortSignal | undefined;
}
