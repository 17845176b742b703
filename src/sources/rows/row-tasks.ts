import { requestsOver } from '../../model/request-parts.ts';
import { createTask, invalidTask, type Task } from '../../model/task.ts';
import { invalidRow, textOf, valueIn, type Row } from './row.ts';
import type { RowRequest, RowTemplates } from './row-templates.ts';
import type { SourceContext } from '../source.ts';

/** Makes the task of a row. */
export type TaskOfRow = (index: number, row: Row) => Task;

/**
 * Tasks of rows: what the templates make of a row, or, without any, a request to its `url`. The whole
 * row is the task's `meta`, and its `id`, if it has one, is the task's.
 */
export function rowTasks(templates: RowTemplates | undefined, { request }: SourceContext): TaskOfRow {
  const requestOf = requestsOver(request);
  return (index, row) => {
    const id = textOf(valueIn(row, 'id')) || undefined;
    const { url, parts, invalid } = templates === undefined ? toOwnUrl(row) : templates.expand(row);
    const task =
      invalid === undefined
        ? createTask(index, id, url, requestOf(parts))
        : invalidTask(index, id, url, request, invalid);
    return { ...task, meta: row };
  };
}

function toOwnUrl(row: Row): RowRequest {
  const url = textOf(valueIn(row, 'url'));
  return url === undefined ? { url: '', invalid: invalidRow('the row has no url') } : { url, parts: {} };
}
