import type { Task } from '../model/task.ts';
import type { CountableSource } from './part.ts';

/** What tasks pass on their way from the source, and what is told of them. */
export interface Passage {
  /** The task as it goes on; undefined: it is left out. Absent: all go on. */
  readonly take?: ((task: Task) => Task | undefined) | undefined;
  /** Told of a batch before its tasks are taken. Throws a `UsageError` to end the run. */
  readonly check?: ((batch: readonly Task[]) => Promise<void> | undefined) | undefined;
  /** How many will be left out, as far as that is known before. */
  readonly leftOut: number;
  /** All tasks have come, or have been counted. */
  readonly onTotal: (total: number) => void;
}

/** The tasks of a source that go on beyond a passage. */
export function through(source: CountableSource, passage: Passage): CountableSource {
  const left = (total: number) => Math.max(0, total - passage.leftOut);
  const { size } = source;
  const count = source.count?.bind(source);
  const leftOut = source.leftOut?.bind(source);
  return {
    name: source.name,
    ...(size !== undefined && { size: left(size) }),
    ...(count !== undefined && {
      async count() {
        const total = await count();
        passage.onTotal(total);
        return left(total);
      },
    }),
    ...(leftOut !== undefined && { leftOut }),
    [Symbol.asyncIterator]: () => passing(source, passage),
  };
}

/** Not a generator, whose `return` would wait for a pending `next`, and so for input that may never come. */
function passing(
  source: CountableSource,
  { check, take, onTotal }: Passage,
): AsyncIterator<readonly Task[], void, undefined> {
  const batches = source[Symbol.asyncIterator]();
  let total = 0;
  let isClosed = false;
  return {
    async next() {
      for (;;) {
        const step = await batches.next();
        if (step.done === true) {
          if (!isClosed) {
            onTotal(total);
          }
          return step;
        }
        total += step.value.length;
        await check?.(step.value);
        const batch =
          take === undefined ? step.value : step.value.map(take).filter((task) => task !== undefined);
        if (batch.length > 0) {
          return { done: false, value: batch };
        }
      }
    },
    async return() {
      isClosed = true; // a pending `next` ends, though there may be more
      await batches.return?.();
      return { done: true, value: undefined };
    },
  };
}
