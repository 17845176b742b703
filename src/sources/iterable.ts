import { createTask, type Task } from '../model/task.ts';
import { gather } from './gather.ts';
import { interruptible, untilAborted } from './interruptible.ts';
import { batchSize, type Source, type SourceContext } from './source.ts';
import type { TaskInput, TaskOfInput } from './tasks/task-input.ts';

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
  const taskOf = await inputReader(context);
  let index = context.firstIndex;
  let batch: Task[] = [];
  try {
    for (const input of inputs) {
      batch.push(taskOf(index++, input));
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
  const reader = inputReader(context);
  let index = context.firstIndex;
  for await (const batch of gather(untilAborted(inputs, signal), batchSize)) {
    const taskOf = await reader;
    yield batch.map((input) => taskOf(index++, input));
  }
}

/** Loads what checks tasks: the command, which reads texts, does not need it for lists of URLs. */
async function inputReader({ firstIndex, request, onInvalid }: SourceContext): Promise<TaskOfInput> {
  const { tasksOver } = await import('./tasks/task-input.ts');
  const taskOf = tasksOver(request);
  return (index, input) => {
    const task =
      typeof input === 'string' ? createTask(index, undefined, input, request) : taskOf(index, input);
    if (task.invalid !== undefined) {
      onInvalid(`item ${index - firstIndex}: ${task.invalid.message}`);
    }
    return task;
  };
}
