import type { Task } from '../model/task.ts';
import { interruptible } from './interruptible.ts';
import type { CountableSource, SourcePart } from './part.ts';
import type { SourceContext } from './source.ts';

/**
 * One source after another, as one: indexes run on. Each part is opened when the one before it has
 * ended, for only then is the index of its first task known.
 */
export function chain(parts: readonly SourcePart[], context: SourceContext): CountableSource {
  const size = sum(parts.map((part) => part.size));
  const counters = parts.map(counterOf).filter((counter) => counter !== undefined);
  return {
    name: parts.map((part) => part.name).join(', '),
    ...(size !== undefined && { size }),
    ...(counters.length === parts.length && { count: () => countAll(counters) }),
    [Symbol.asyncIterator]: () => interruptible((signal) => readAll(parts, context, signal)),
  };
}

async function* readAll(
  parts: readonly SourcePart[],
  context: SourceContext,
  signal: AbortSignal,
): AsyncGenerator<readonly Task[], void, undefined> {
  let { firstIndex } = context;
  for (const part of parts) {
    for await (const batch of part.read({ ...context, firstIndex }, signal)) {
      firstIndex += batch.length;
      yield batch;
    }
  }
}

/** Undefined when one of the sizes is. */
function sum(sizes: readonly (number | undefined)[]): number | undefined {
  return sizes.reduce<number | undefined>(
    (total, size) => (total === undefined || size === undefined ? undefined : total + size),
    0,
  );
}

type Counter = () => Promise<number>;

function counterOf(part: SourcePart): Counter | undefined {
  const { size } = part;
  return size === undefined ? part.count?.bind(part) : () => Promise.resolve(size);
}

/** One after the other: disks read one file at a time best. */
async function countAll(counters: readonly Counter[]): Promise<number> {
  let total = 0;
  for (const count of counters) {
    total += await count();
  }
  return total;
}
