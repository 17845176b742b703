import type { Task } from '../model/task.ts';
import { lookAhead } from './look-ahead.ts';
import type { CountableSource } from './part.ts';

/** What tasks pass on their way from the source, and what is told of them. */
export interface Passage {
  /** The task as it goes on; undefined: it is left out. Absent: all go on. */
  readonly take?: ((task: Task) => Task | undefined) | undefined;
  /** The same where somebody has to be asked first: those of a batch that go on. Comes in the place of `take`. */
  readonly ask?: ((batch: readonly Task[]) => Promise<readonly Task[]>) | undefined;
  /** Told of a batch before its tasks are taken. Throws a `UsageError` to end the run. */
  readonly check?: ((batch: readonly Task[]) => Promise<void> | undefined) | undefined;
  /** How many will be left out, as far as that is known before. */
  readonly leftOut: number;
  /** How many were left out so far, where it is not known before. */
  readonly passedOver?: (() => number) | undefined;
  /** All tasks have come, or have been counted. */
  readonly onTotal: (total: number) => void;
  /** All tasks have come. */
  readonly onEnd?: ((total: number) => void) | undefined;
}

/** The tasks of a source that go on beyond a passage. */
export function through(source: CountableSource, passage: Passage): CountableSource {
  const left = (total: number) => Math.max(0, total - passage.leftOut);
  const { passedOver } = passage;
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
    ...(passedOver !== undefined && { passedOver }),
    [Symbol.asyncIterator]: () => passing(source, passage),
  };
}

/** Not a generator, whose `return` would wait for a pending `next`, and so for input that may never come. */
function passing(
  source: CountableSource,
  { check, take, ask, onTotal, onEnd }: Passage,
): AsyncIterator<readonly Task[], void, undefined> {
  let total = 0;
  let isClosed = false;
  const asked = async (batch: readonly Task[]): Promise<readonly Task[]> => {
    total += batch.length;
    await check?.(batch);
    return (
      ask?.(batch) ?? (take === undefined ? batch : batch.map(take).filter((task) => task !== undefined))
    );
  };
  // Whoever asks asks about a batch while the one before it goes on.
  const batches = lookAhead(source[Symbol.asyncIterator](), asked, ask === undefined ? 0 : 1);
  return {
    async next() {
      for (;;) {
        const step = await batches.next();
        if (step.done === true) {
          if (!isClosed) {
            onTotal(total);
            onEnd?.(total);
          }
          return step;
        }
        if (step.value.length > 0) {
          return step;
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
