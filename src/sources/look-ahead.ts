/**
 * What an action makes of each item, in their order, with so many items read and begun ahead of the
 * reader. An item is not waited for while a result is there. What goes wrong is met where its result would stand.
 */
export function lookAhead<T, R>(
  items: AsyncIterator<T, void, undefined>,
  action: (item: T) => Promise<R>,
  ahead: number,
): AsyncIterator<R, void, undefined> {
  const steps: Promise<IteratorResult<R, void>>[] = [];
  let reading: Promise<unknown> = Promise.resolve();

  /** Items are asked for one after the other, and acted on at once. */
  function read(): Promise<IteratorResult<R, void>> {
    const item = reading.then(() => items.next());
    reading = item;
    const step = item.then(async (one): Promise<IteratorResult<R, void>> =>
      one.done === true ? one : { done: false, value: await action(one.value) },
    );
    step.catch(() => undefined); // it is told to the reader, who may come later or not at all
    return step;
  }

  return {
    next() {
      while (steps.length <= ahead) {
        steps.push(read());
      }
      return steps.shift()!;
    },
    async return() {
      await items.return?.();
      return { done: true, value: undefined };
    },
  };
}
