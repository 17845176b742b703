import { failure, type Failure } from '../model/failure.ts';
import { createTask, invalidTask, type Task } from '../model/task.ts';
import { LineCursor, maxLineBytes } from './line-cursor.ts';
import { batchSize, type SourceContext } from './source.ts';

/**
 * Tasks from a text with one URL a line. What a chunk completes is handed on at once, in batches of
 * `batchSize` at most, so that the first fetch does not wait for the end of the input.
 */
export async function* readLines(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  context: SourceContext,
): AsyncGenerator<readonly Task[], void, undefined> {
  const lines = new LineCursor();
  let index = context.firstIndex;
  for await (const _ of feedAll(lines, chunks)) {
    let batch: Task[] = [];
    while (lines.next()) {
      batch.push(readTask(lines, name, index++, context));
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

/** How many tasks `readLines` would make of the same text; makes no strings. */
export async function countLines(chunks: AsyncIterable<Uint8Array>): Promise<number> {
  const lines = new LineCursor();
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

function readTask(lines: LineCursor, name: string, index: number, context: SourceContext): Task {
  const task = lines.tooLong ? tooLongTask(lines, index, context) : textTask(lines.text(), index, context);
  if (task.invalid !== undefined) {
    context.onInvalid(`${name}:${lines.number}: ${task.invalid.message}`);
  }
  return task;
}

function textTask(text: string, index: number, context: SourceContext): Task {
  // The mark of a byte that is not UTF-8: a URL with it in place of what was meant is the wrong URL.
  return text.includes('\uFFFD')
    ? invalidTask(index, undefined, text, context.request, invalidLine('the line is not UTF-8 text'))
    : createTask(index, undefined, text, context.request);
}

function tooLongTask(lines: LineCursor, index: number, context: SourceContext): Task {
  const reason = invalidLine(`the line is longer than ${maxLineBytes / 1024} KiB`);
  return invalidTask(index, undefined, `${lines.text(200)}…`, context.request, reason);
}

function invalidLine(message: string): Failure {
  return failure('INVALID_URL', message);
}
