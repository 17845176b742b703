import type { Bytes } from '../../model/units.ts';
import type { Task } from '../../model/task.ts';
import type { Text } from '../reader.ts';
import { LineCursor } from './line-cursor.ts';
import { batchSize, type SourceContext } from '../source.ts';

/** Makes the task of the current line. */
export type TaskOfLine = (line: LineCursor, index: number) => Task;

/**
 * Tasks from a text with one a line. What a chunk completes is handed on at once, in batches of
 * `batchSize` at most, so that the first fetch does not wait for the end of the input.
 */
export async function* readByLine(
  { name, chunks }: Text,
  { firstIndex, onInvalid }: SourceContext,
  maxLineBytes: Bytes,
  taskOf: TaskOfLine,
): AsyncGenerator<readonly Task[], void, undefined> {
  const lines = new LineCursor(maxLineBytes);
  let index = firstIndex;
  for await (const _ of feedAll(lines, chunks)) {
    let batch: Task[] = [];
    while (lines.next()) {
      const task = taskOf(lines, index++);
      if (task.invalid !== undefined) {
        onInvalid(`${name}:${lines.number}: ${task.invalid.message}`);
      }
      batch.push(task);
      if (batch.length === batchSize) {
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0) {
      yield batch;
    }
  }
}

/** How many tasks `readByLine` would make of the same text; makes no strings. */
export async function countByLine({ chunks }: Text, maxLineBytes: Bytes): Promise<number> {
  const lines = new LineCursor(maxLineBytes);
  let count = 0;
  for await (const _ of feedAll(lines, chunks)) {
    while (lines.next()) {
      count++;
    }
  }
  return count;
}

/** Yields each time the cursor has new bytes to walk over. */
async function* feedAll(
  lines: LineCursor,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<undefined, void, undefined> {
  for await (const chunk of chunks) {
    lines.feed(chunk);
    yield;
  }
  lines.finish();
  yield;
}
