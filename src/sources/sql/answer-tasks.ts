import { UsageError } from '../../model/errors.ts';
import { nameText } from '../../model/name.ts';
import { invalidTask, type Task } from '../../model/task.ts';
import { invalidRow, textOf, valueIn, type Row } from '../rows/row.ts';
import { rowTasks } from '../rows/row-tasks.ts';
import { parseRowTemplates, requireColumns, type RowTemplates } from '../rows/row-templates.ts';
import type { SourceContext } from '../source.ts';
import type { TemplateTexts } from '../templates/template-texts.ts';
import { inOrderOfIds, type Found } from './by-id.ts';
import type { Answer } from './look-up.ts';

/** What makes tasks of the rows of a query. */
export interface RowReader {
  readonly columns: readonly string[];
  /** Absent: the column `url` says where rows go. */
  readonly texts: TemplateTexts | undefined;
  readonly templates: RowTemplates | undefined;
}

/** Throws a `UsageError` for columns that the templates do not fit. */
export function rowReader(columns: readonly string[], texts: TemplateTexts | undefined): RowReader {
  const known = new Set(columns);
  const twice = columns.find((column, at) => columns.indexOf(column) !== at);
  if (twice !== undefined) {
    throw new UsageError(`--query: two columns are called ${nameText(twice)}: name one with "as"`);
  }
  const have = `its columns are ${columns.map(nameText).join(', ')}`;
  if (texts === undefined) {
    if (!known.has('url')) {
      throw new UsageError(
        `--query: gives no column url, and there is no --url that makes URLs of rows (${have})`,
      );
    }
    return { columns, texts, templates: undefined };
  }
  const templates = parseRowTemplates(texts, { columns: known, isTyped: true });
  requireColumns(templates, known, `of the query (${have}`);
  return { columns, texts, templates };
}

/** Makes the tasks of answers, one after the other. `name` is that of the database. */
export function answerTasks(
  { columns, texts, templates }: RowReader,
  name: string,
  context: SourceContext,
): (answer: Answer) => readonly Task[] {
  const { firstIndex, request, onInvalid } = context;
  const taskOf = rowTasks(templates, context);
  const hasId = columns.includes('id');
  let index = firstIndex;
  const toTask = (found: Found): Task => {
    if ('missing' in found) {
      const { missing: id } = found;
      const reason = `the query gave no row for id ${nameText(id)}`;
      onInvalid(`${name}: ${reason}`);
      return invalidTask(index++, id, texts?.url ?? '', request, invalidRow(reason));
    }
    const task = taskOf(index++, found.row);
    if (task.invalid !== undefined) {
      onInvalid(`${name}: ${placeOf(found.row, index - firstIndex)}: ${task.invalid.message}`);
    }
    return task;
  };
  return ({ ids, rows }) => {
    const all = rows.map((values) => rowOf(columns, values));
    const found = ids !== undefined && hasId ? inOrderOfIds(ids, all) : all.map((row) => ({ row }));
    return found.map(toTask);
  };
}

function rowOf(columns: readonly string[], values: readonly unknown[]): Row {
  return Object.fromEntries(columns.map((column, at) => [column, values[at]]));
}

/** Rows of a database have no number that anyone could see there. */
function placeOf(row: Row, ordinal: number): string {
  const id = textOf(valueIn(row, 'id')) ?? '';
  return id === '' ? `row ${ordinal}` : `id ${nameText(id)}`;
}
