import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Milliseconds } from '../../model/units.ts';
import { parting, type Blocked, type WatchdogCall, type WatchdogData } from './watchdog-messages.ts';

/** A watch over the event loop of the main thread. */
export interface Watchdog {
  /** Resolves when all that was found has been told. */
  stop(): Promise<void>;
}

/** How often the event loop shows that it turns. What is told is accurate to this. */
const beatMs: Milliseconds = 10;

const workerFile = new URL(
  import.meta.url.endsWith('.ts') ? './watchdog-worker.ts' : './watchdog-worker.js',
  import.meta.url,
);

/**
 * Watches the event loop of the main thread from another one. A block of more than `thresholdMs` is told when
 * it is over, with what was running halfway through the time allowed; without, where the watch itself came too
 * late. Resolves when the watch has begun. Keeps no process alive.
 */
export async function startWatchdog(
  thresholdMs: Milliseconds,
  onBlocked: (blocked: Blocked) => void,
): Promise<Watchdog> {
  const beats = new BigInt64Array(new SharedArrayBuffer(8));
  beats[0] = process.hrtime.bigint();
  const partingState = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(workerFile, {
    name: 'watchdog',
    workerData: { beats, parting: partingState, thresholdMs } satisfies WatchdogData,
  });
  const part = () => partFrom(partingState);
  process.once('exit', part); // now, for the thread is a debugger a moment before it is ready
  await once(worker, 'message'); // it is ready
  worker.on('message', onBlocked);
  worker.unref();
  const call = (message: WatchdogCall) => worker.postMessage(message, []); // no window is meant

  /** Tells of a block by its end: the timer is late. */
  function beat(): void {
    const now = process.hrtime.bigint();
    const last = Atomics.exchange(beats, 0, now);
    const blockedMs = Number(now - last) / 1e6 - beatMs;
    if (blockedMs > thresholdMs) {
      call({ beat: last, blockedMs });
    }
  }

  Atomics.store(beats, 0, process.hrtime.bigint());
  const timer = setInterval(beat, beatMs).unref();
  return {
    async stop() {
      process.off('exit', part);
      clearInterval(timer);
      beat();
      const exited = once(worker, 'exit');
      worker.ref();
      call('stop');
      await exited;
    },
  };
}

/** A little longer than the thread takes to look. */
const longestPartingMs: Milliseconds = 200;

/** The process exits: Node would say that it waits for a debugger, and the thread is one. */
function partFrom(partingState: Int32Array): void {
  const until = performance.now() + longestPartingMs;
  Atomics.store(partingState, 0, parting.asked);
  while (Atomics.load(partingState, 0) !== parting.done && performance.now() < until) {
    Atomics.wait(partingState, 0, parting.asked, 1);
  }
}
