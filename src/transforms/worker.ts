import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { markAsUntransferable, parentPort, workerData } from 'node:worker_threads';
import { UsageError } from '../model/errors.ts';
import { ofTask } from '../model/of-task.ts';
import type { Milliseconds } from '../model/units.ts';
import { runChain } from './chain.ts';
import { loadChain, type Step } from './load.ts';
import {
  isLoading,
  type AstrayMessage,
  type BatchMessage,
  type BatchReply,
  type LogMessage,
  type Reply,
  type SlowMessage,
  type WorkerSettings,
} from './message.ts';
import { quietWorker } from './quiet-worker.ts';
import { tellRejections } from './rejections.ts';
import { replyTo } from './reply.ts';
import { stackOf } from './stack-place.ts';
import { thrownText } from './thrown.ts';
import type { TransformRecord } from './transform.ts';

quietWorker();
const settings = workerData as WorkerSettings;
/** What is bundled, or the sources, and what calls them. */
const own = [import.meta.filename, fileURLToPath(import.meta.resolve('piscina'))].map(
  (file) => path.dirname(file) + path.sep,
);
tellRejections(
  settings.specs.filter(({ kind }) => kind === 'module').map(({ spec }) => spec),
  own,
  (astray) => send({ astray }),
);
let loading: Promise<readonly Step[]> | undefined;

/** A worker of the pool: it works at a batch, or, told no lines, only loads the transforms. */
export default async function work(
  message: BatchMessage | { readonly progress: Int32Array },
): Promise<unknown> {
  const { progress } = message;
  Atomics.store(progress, 0, isLoading);
  try {
    const steps = await (loading ??= loadChain(settings.specs, own));
    return 'lines' in message ? await moved(await workThrough(steps, message)) : { replies: [], busyMs: 0 };
  } catch (error) {
    // As text: what crosses between threads is not of its class any more.
    return error instanceof UsageError
      ? { usage: error.message }
      : { fault: stackOf(error) || thrownText(error) };
  }
}

async function workThrough(
  steps: readonly Step[],
  { lines, bodies, lengths, progress }: BatchMessage,
): Promise<BatchReply> {
  const startedAt = performance.now();
  const replies: Reply[] = [];
  const each = lines.split('\n');
  markAsUntransferable(bodies); // a transform that gave its bytes to another thread would take those of all
  let from = 0;
  for (const [at, length] of lengths.entries()) {
    Atomics.store(progress, 1, 0);
    Atomics.store(progress, 0, at);
    const bytes = Math.max(0, length);
    replies.push(await workAt(steps, each[at]!, new Uint8Array(bodies, from, bytes), progress));
    from += bytes;
  }
  const busyMs = performance.now() - startedAt;
  await setImmediate(); // rejections that nothing caught are told only now, and this may be the last batch
  return { replies, busyMs };
}

function send(message: AstrayMessage | LogMessage | SlowMessage): void {
  parentPort?.postMessage(message, []); // with a list of nothing to transfer: no window is meant
}

function tellSlow(record: TransformRecord, spec: string, tookMs: Milliseconds): void {
  if (tookMs > (settings.slowMs ?? Number.POSITIVE_INFINITY)) {
    send({ slow: { ...ofTask(record), spec, tookMs } });
  }
}

async function workAt(
  steps: readonly Step[],
  line: string,
  bytes: Uint8Array,
  progress: Int32Array,
): Promise<Reply> {
  const record = JSON.parse(line) as TransformRecord;
  const result = await runChain(steps, record, bytes, {
    ...settings,
    own,
    onStep: (step) => Atomics.store(progress, 1, step),
    onLog: (log) => send({ log: String(log) }),
    onCalled: (spec, tookMs) => tellSlow(record, spec, tookMs),
  });
  return replyTo(line, result, settings, result.body.bytes !== bytes);
}

/** With the memory of the bodies in it transferred. What does that is loaded only for bodies that are new. */
async function moved(reply: BatchReply): Promise<unknown> {
  const memory = reply.replies.flatMap((one) =>
    'body' in one && typeof one.body === 'object' && one.body.form === 'bytes' ? [one.body.bytes.buffer] : [],
  );
  if (memory.length === 0) {
    return reply;
  }
  const { move, transferableSymbol, valueSymbol } = await import('piscina');
  const transferable: unknown = { [transferableSymbol]: memory, [valueSymbol]: reply };
  return move(transferable as Parameters<typeof move>[0]); // its type knows of one piece of memory only
}
