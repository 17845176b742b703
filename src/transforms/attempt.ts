import type { Piscina } from 'piscina';
import { UsageError } from '../model/errors.ts';
import type { BatchMessage, BatchReply, WorkerReply } from './message.ts';
import { stackPlace } from './stack-place.ts';
import { thrownLine } from './thrown.ts';
import type { Watch } from './watch.ts';

/** The heap of a worker, in MiB: bodies are beside it. */
export const workerHeap = 512;

/** How an attempt at a batch has ended. */
export type Attempt =
  | { readonly end: 'done'; readonly reply: BatchReply }
  /** No record got on within its limit: its worker has been ended. */
  | { readonly end: 'late'; readonly progress: Int32Array }
  /** The worker has ended. */
  | ({ readonly end: 'crashed' } & Crash);

/** What ended a worker. */
export interface Crash {
  /** For a person. */
  readonly why: string;
  /** Nothing caught an error, as of a timer: an earlier record may have left it, not the one that was worked at. */
  readonly isAstray: boolean;
}

/** Hands a batch to a worker, or with `progress` alone has it load the transforms. Throws a `UsageError` when they do not load. */
export async function attempt(
  pool: Piscina,
  watch: Watch,
  message: BatchMessage | { readonly progress: Int32Array },
): Promise<Attempt> {
  const { progress } = message;
  const late = new AbortController();
  const unwatch = watch.add(progress, () => late.abort());
  try {
    const transferList: unknown = 'bodies' in message ? [message.bodies] : [];
    const reply = (await pool.run(message, {
      signal: late.signal,
      transferList: transferList as TransferList, // piscina takes its type from the wrong overload
    })) as WorkerReply;
    if ('usage' in reply) {
      throw new UsageError(reply.usage);
    }
    if ('fault' in reply) {
      throw new WorkerFault(reply.fault);
    }
    return { end: 'done', reply };
  } catch (error) {
    if (late.signal.aborted) {
      return { end: 'late', progress };
    }
    if (error instanceof WorkerFault || error instanceof UsageError) {
      throw error;
    }
    return { end: 'crashed', ...crashOf(error) };
  } finally {
    unwatch();
  }
}

type TransferList = NonNullable<NonNullable<Parameters<Piscina['run']>[1]>['transferList']>;

/** A fault of this program in a worker; the message is the stack there. */
class WorkerFault extends Error {}

/** What ended a worker, from what its pool tells. */
export function crashOf(error: unknown): Crash {
  const message = thrownLine(error);
  const code = /^worker exited with code: (\d+)/.exec(message)?.[1];
  if (code !== undefined) {
    return { why: `its worker exited with status ${code}`, isAstray: false };
  }
  if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return { why: `its worker ran out of memory (${workerHeap} MiB)`, isAstray: false };
  }
  const place = stackPlace(error, []);
  return { why: `nothing caught ${place === undefined ? '' : `at ${place}: `}${message}`, isAstray: true };
}
