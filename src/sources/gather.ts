import { setImmediate } from 'node:timers/promises';

/**
 * Batches of what is there without waiting, `limit` items at most: only the first item of a batch is
 * waited for, others join it if they come before the event loop turns. One item is asked for ahead of
 * the reader.
 */
export async function* gather<T>(
  items: AsyncGenerator<T, void, undefined>,
  limit: number,
): AsyncGenerator<readonly T[], void, undefined> {
  let pending = request(items);
  try {
    for (;;) {
      const batch: T[] = [];
      let result: IteratorResult<T, void> | undefined = await pending;
      const turn = setImmediate(undefined);
      while (result !== undefined && result.done !== true) {
        batch.push(result.value);
        pending = request(items);
        // A failure too ends the batch, and is met where the next one begins.
        result =
          batch.length < limit ? await Promise.race([pending, turn]).catch(() => undefined) : undefined;
      }
      if (batch.length > 0) {
        yield batch;
      }
      if (result?.done === true) {
        return;
      }
    }
  } finally {
    await items.return();
  }
}

/** The next item, which may fail before anyone awaits it without being reported as unhandled. */
export function request<T>(items: AsyncGenerator<T, void, undefined>): Promise<IteratorResult<T, void>> {
  const result = items.next();
  result.catch(() => undefined);
  return result;
}
