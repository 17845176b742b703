import { isFailure, parseTarget } from './url.ts';
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
  /** Whatever the user wants to find again in the record. */
  readonly meta?: unknown;
}

/** The parts of a request that many tasks share. */
export interface RequestSpec {
  readonly method: string;
  /** Names and values in turn, as they go on the wire. */
  readonly headers: readonly string[];
  readonly body: Uint8Array | undefined;
  /** A file whose bytes are the body, read for each exchange, so that waiting tasks hold no bodies. */
  readonly bodyFile?: string | undefined;
}

/** A task for a URL as the user wrote it; one that cannot be fetched becomes an invalid task. */
export function createTask(index: number, id: string | undefined, url: string, request: RequestSpec): Task {
  const target = parseTarget(url);
  if (isFailure(target)) {
    return invalidTask(index, id, url, request, target);
  }
  const { authorization } = target;
  const own = authorization === undefined ? request : withHeader(request, 'authorization', authorization);
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
  return { index, id, url, origin: '', request, invalid };
}

function withHeader(request: RequestSpec, name: string, value: string): RequestSpec {
  return { ...request, headers: [...request.headers, name, value] };
}
