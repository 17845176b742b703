import { createTask, type Task } from '../model/task.ts';
import { gather } from './gather.ts';
import { interruptible, untilAborted } from './interruptible.ts';
import { batchSize, type Source, type SourceContext } from './source.ts';

/** What a program hands in for one task: a URL, alone or with a name and data to find in the record. */
export type TaskInput = string | { readonly url: string; readonly id?: string; readonly meta?: unknown };

/** Tasks from a program's own list, generator or stream; errors that it throws end the run. */
export function fromIterable(
  inputs: Iterable<TaskInput> | AsyncIterable<TaskInput>,
  context: SourceContext,
): Source {
  if (Symbol.asyncIterator in inputs) {
    return {
      name: 'async iterable',
      [Symbol.asyncIterator]: () => interruptible((signal) => readAsync(inputs, context, signal)),
    };
  }
  return {
    name: 'iterable',
    ...(Array.isArray(inputs) && { size: inputs.length }),
    [Symbol.asyncIterator]: () => readSync(inputs, context),
  };
}

async function* readSync(
  inputs: Iterable<TaskInput>,
  context: SourceContext,
): AsyncGenerator<readonly Task[], void, undefined> {
  let index = context.firstIndex;
  let batch: Task[] = [];
  try {
    for (const input of inputs) {
      batch.push(readInput(input, index++, context));
      if (batch.length === batchSize) {
        yield batch;
        batch = [];
      }
    }
  } catch (error) {
    yield batch; // what it gave before it failed
    throw error;
  }
  if (batch.length > 0) {
    yield batch;
  }
}

async function* readAsync(
  inputs: AsyncIterable<TaskInput>,
  context: SourceContext,
  signal: AbortSignal,
): AsyncGenerator<readonly Task[], void, undefined> {
  let index = context.firstIndex;
  for await (const batch of gather(untilAborted(inputs, signal), batchSize)) {
    yield batch.map((input) => readInput(input, index++, context));
  }
}

function readInput(input: TaskInput, index: number, context: SourceContext): Task {
  const item: Exclude<TaskInput, string> = typeof input === 'string' ? { url: input } : input;
  const task = createTask(index, item.id, item.url, context.request);
  if (task.invalid !== undefined) {
    context.onInvalid(`item ${index - context.firstIndex}: ${task.invalid.message}`);
  }
  return item.meta === undefined ? task : { ...task, meta: item.meta };
}
