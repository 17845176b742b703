import { request } from '../gather.ts';

/** The same items; one is asked for ahead of the reader. Whoever returns does not wait for it. */
export async function* oneAhead<T>(
  items: AsyncGenerator<T, void, undefined>,
): AsyncGenerator<T, void, undefined> {
  let pending = request(items);
  try {
    for (;;) {
      const result = await pending;
      if (result.done === true) {
        return;
      }
      pending = request(items);
      yield result.value;
    }
  } finally {
    items.return().catch(() => undefined); // nobody is left whom a failure to close could be told
  }
}
