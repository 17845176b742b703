import { Readable } from 'node:stream';

/**
 * Runs a generator so that `return` ends it at once, even while it waits for input that may never
 * come: by itself an async generator queues `return` behind the pending `next`.
 */
export function interruptible<T>(
  start: (signal: AbortSignal) => AsyncGenerator<T, void, undefined>,
): AsyncIterator<T, void, undefined> {
  const stop = new AbortController();
  const items = start(stop.signal);
  return {
    async next() {
      try {
        return await items.next();
      } catch (error) {
        if (stop.signal.aborted && error === stop.signal.reason) {
          return { done: true, value: undefined };
        }
        throw error;
      }
    },
    return() {
      stop.abort();
      return items.return();
    },
  };
}

/** The same items; throws the signal's reason as soon as it is aborted, also while it waits for one. */
export async function* untilAborted<T>(
  items: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  signal.throwIfAborted();
  const iterator = items[Symbol.asyncIterator]();
  let stopWaiting = () => {};
  signal.addEventListener('abort', () => stopWaiting(), { once: true });
  for (;;) {
    // Not a race with one promise for the signal: that would keep every item alive until the end.
    const result = await new Promise<IteratorResult<T, unknown>>((resolve, reject) => {
      stopWaiting = () => {
        abandon(items, iterator);
        reject(signal.reason);
      };
      if (signal.aborted) {
        stopWaiting(); // since the last item was taken
      } else {
        iterator.next().then(resolve, reject);
      }
    });
    stopWaiting = () => {};
    if (result.done === true) {
      return;
    }
    let taken = false;
    try {
      yield result.value;
      taken = true;
    } finally {
      if (!taken) {
        await iterator.return?.();
      }
    }
  }
}

/** Closes an iterator that may never answer again, without waiting for it. */
function abandon<T>(items: AsyncIterable<T>, iterator: AsyncIterator<T, unknown>): void {
  if (items instanceof Readable) {
    items.destroy(); // its iterator would return only after the next chunk
  }
  // Nobody is left whom a failure to close could be told.
  iterator.return?.().catch(() => undefined);
}
