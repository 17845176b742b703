import type { RequestSpec } from '../model/task.ts';
import type { ResponseHeaders } from './http/response-head.ts';
import type { Job } from './job.ts';

/**
 * Who we are to a server: what each exchange carries beside the task's own request (cookies, tokens,
 * passwords of hosts), and what answers change in it. None is set up in most runs.
 */
export interface Identity {
  /** Called before the first exchange; throws a `UsageError` when credentials cannot be had. */
  open(): Promise<void>;
  /** What goes out for the job now. The same object for the same fields, so that heads are made once. */
  dress(job: Job): RequestSpec;
  /** The head of an answer has come from that URL. */
  onHead(url: string, headers: ResponseHeaders): void;
  /** A promise when the job's 401 is to be answered with other credentials: it resolves when they are there. */
  renew(job: Job): Promise<void> | undefined;
  /** The run is over: what is to be kept is written. */
  close(): Promise<void>;
}
