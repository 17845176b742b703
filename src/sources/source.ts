import type { RequestBase } from '../model/request.ts';
import type { Task } from '../model/task.ts';

/**
 * Where tasks come from: batches, so that the hot path does not await per item. Iterated once.
 * Input that cannot be understood is an invalid task, never an exception; what makes the whole
 * source unreadable (no such file) throws a `UsageError`.
 */
export interface Source extends AsyncIterable<readonly Task[]> {
  /** For people: a file name, `standard input`, the URL pattern. */
  readonly name: string;
  /** How many tasks it holds, where that is known without reading it. */
  readonly size?: number;
}

/** What a source needs to make tasks. */
export interface SourceContext {
  /** The index of its first task: the number of tasks in the sources before it. */
  readonly firstIndex: number;
  /** What every task sends, but for what it says itself. */
  readonly request: RequestBase;
  /** Told of each line that could not be understood, with file, line and reason. */
  readonly onInvalid: (message: string) => void;
}

/** Tasks in a batch: enough that awaiting a batch costs nothing per task. */
export const batchSize = 512;
