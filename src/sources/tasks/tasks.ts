import { parseExactJson } from '../../model/json/exact-json.ts';
import { failure } from '../../model/failure.ts';
import { memberText } from '../../model/json/json-member.ts';
import { jsonProblem } from '../../model/json/json-problem.ts';
import { invalidTask, type Task } from '../../model/task.ts';
import { countByLine, readByLine } from '../lines/by-line.ts';
import type { FormatReader } from '../reader.ts';
import type { LineCursor } from '../lines/line-cursor.ts';
import type { SourceContext } from '../source.ts';
import { tasksOver, type TaskOfInput } from './task-input.ts';

/** One task a line, as JSON: `{"url":"…","method":"POST","json":{…}}`. */
export const tasksReader: FormatReader = {
  read(text, context) {
    const taskOf = tasksOver(context.request);
    return readByLine(text, context, maxTaskBytes, (line, index) => readTask(line, index, context, taskOf));
  },
  count: (text) => countByLine(text, maxTaskBytes),
};

/** The longest line of a task file: there may be a body in it. */
export const maxTaskBytes = 16 * 1024 * 1024;

function readTask(line: LineCursor, index: number, { request }: SourceContext, taskOf: TaskOfInput): Task {
  const broken = (reason: string) =>
    invalidTask(index, undefined, '', request, failure('INVALID_TASK', reason));
  if (line.tooLong) {
    return broken(`the line is longer than ${maxTaskBytes / 1024 / 1024} MiB`);
  }
  const text = line.text();
  let value: unknown;
  try {
    value = parseExactJson(text);
  } catch (error) {
    return broken(`not JSON: ${jsonProblem(error)}`);
  }
  return taskOf(index, value, hasJson(value) ? memberText(text, 'json') : undefined);
}

function hasJson(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'json');
}
