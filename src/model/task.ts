import { hasField } from './field.ts';
import { isFailure, parseTarget, withoutUserInfo } from './url.ts';
import type { Failure } from './failure.ts';

/** What to fetch. Small: it holds no response, so that thousands can be read ahead. */
export interface Task {
  /** Ordinal in the whole input, from 0, over all sources. */
  readonly index: number;
  /** The user's name for it. Absent: the index; not kept as text, for most tasks wait for long. */
  readonly id?: string | undefined;
  /** As the record shows it: absolute, normalized as by the WHATWG URL standard, without fragment. */
  readonly url: string;
  /** Scheme, host and port: what a connection is opened to. `http://127.0.0.1:8080` */
  readonly origin: string;
  /** What is sent, shared by all tasks that send the same. */
  readonly request: RequestSpec;
  /** Limit of one attempt, where it is another than `--timeout`. */
  readonly timeoutMs?: number | undefined;
  /** Set when the input could not be understood: the task ends at once with this failure. */
  readonly invalid?: Failure;
  /** Set when an earlier run has fetched its first pages: it goes on with this one. */
  readonly resumeAt?: ResumePoint | undefined;
  /** Whatever the user wants to find again in the record. */
  readonly meta?: unknown;
}

/** A page from which a task goes on. */
export interface ResumePoint {
  readonly page: number;
  /** As the page before it says. */
  readonly url: string;
  /** Those of the pages before it. */
  readonly visited: readonly string[];
}

/** The parts of a request that many tasks share. */
export interface RequestSpec {
  readonly method: string;
  /** Names and values in turn, as they go on the wire. */
  readonly headers: readonly string[];
  readonly body: Uint8Array | undefined;
  /** A file whose bytes are the body, read for each exchange, so that waiting tasks hold no bodies. */
  readonly bodyFile?: string | undefined;
  /** No other task has this body: it takes memory for as long as its task waits. */
  readonly ownsBody?: boolean | undefined;
}

/** A task for a URL as the user wrote it; one that cannot be fetched becomes an invalid task. */
export function createTask(index: number, id: string | undefined, url: string, request: RequestSpec): Task {
  const target = parseTarget(url);
  if (isFailure(target)) {
    return invalidTask(index, id, url, request, target);
  }
  const { authorization } = target;
  const own = authorization === undefined ? request : withAuthorization(request, authorization);
  return { index, id, url: target.url, origin: target.origin, request: own };
}

/** A task that stands for input that could not be understood, so that it too gets its record. */
export function invalidTask(
  index: number,
  id: string | undefined,
  url: string,
  request: RequestSpec,
  invalid: Failure,
): Task {
  return { index, id, url: withoutUserInfo(url), origin: '', request, invalid };
}

/** A field that the user has set comes before what a URL says, as with curl. */
function withAuthorization(request: RequestSpec, value: string): RequestSpec {
  const { headers } = request;
  return hasField(headers, 'authorization')
    ? request
    : { ...request, headers: [...headers, 'authorization', value] };
}
