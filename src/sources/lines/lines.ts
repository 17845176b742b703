import { failure, type Failure } from '../../model/failure.ts';
import { createTask, invalidTask, type Task } from '../../model/task.ts';
import { countByLine, readByLine } from './by-line.ts';
import type { FormatReader } from '../reader.ts';
import type { LineCursor } from './line-cursor.ts';
import type { SourceContext } from '../source.ts';

/** One URL a line. */
export const linesReader: FormatReader = {
  read: (text, context) =>
    readByLine(text, context, maxUrlBytes, (line, index) => readTask(line, index, context)),
  count: (text) => countByLine(text, maxUrlBytes),
};

/** The longest line taken for a URL. Servers refuse far shorter ones (8 KiB is usual). */
export const maxUrlBytes = 64 * 1024;

function readTask(line: LineCursor, index: number, context: SourceContext): Task {
  return line.tooLong ? tooLongTask(line, index, context) : textTask(line.text(), index, context);
}

function textTask(text: string, index: number, context: SourceContext): Task {
  // The mark of a byte that is not UTF-8: a URL with it in place of what was meant is the wrong URL.
  return text.includes('\uFFFD')
    ? invalidTask(index, undefined, text, context.request, invalidLine('the line is not UTF-8 text'))
    : createTask(index, undefined, text, context.request);
}

function tooLongTask(line: LineCursor, index: number, context: SourceContext): Task {
  const reason = invalidLine(`the line is longer than ${maxUrlBytes / 1024} KiB`);
  return invalidTask(index, undefined, `${line.text(200)}…`, context.request, reason);
}

function invalidLine(message: string): Failure {
  return failure('INVALID_URL', message);
}
