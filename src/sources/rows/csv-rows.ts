import { lengthProblem } from '../../model/csv-problems.ts';
import { UsageError } from '../../model/errors.ts';
import { nameText } from '../../model/name.ts';
import { invalidTask, type Task } from '../../model/task.ts';
import { readCsv, type CsvRow } from './csv.ts';
import type { FormatReader, Text } from '../reader.ts';
import { invalidRow, type Row } from './row.ts';
import { rowTasks } from './row-tasks.ts';
import { parseRowTemplates, requireColumns, type RowTemplates } from './row-templates.ts';
import type { TemplateTexts } from '../templates/template-texts.ts';
import { batchSize, type SourceContext } from '../source.ts';

/**
 * Tasks of a text with a header line and rows, whose fields `delimiter` parts. The templates make
 * requests of the rows; without any, the column `url` says where they go.
 */
export function csvReader(delimiter: string, texts: TemplateTexts | undefined): FormatReader {
  return {
    async *read(text, context) {
      let taskOf: ((row: CsvRow, index: number) => Task) | undefined;
      let index = context.firstIndex;
      let batch: Task[] = [];
      for await (const rows of readCsv(text, delimiter)) {
        for (const row of rows) {
          if (taskOf === undefined) {
            taskOf = csvTasks(openTable(text, row, texts), context);
            continue;
          }
          const task = taskOf(row, index++);
          if (task.invalid !== undefined) {
            context.onInvalid(`${text.name}:${row.line}: ${task.invalid.message}`);
          }
          batch.push(task);
          if (batch.length === batchSize) {
            yield batch;
            batch = [];
          }
        }
        if (batch.length > 0) {
          yield batch;
          batch = [];
        }
      }
    },

    async count(text) {
      let count = 0;
      for await (const rows of readCsv(text, delimiter)) {
        count += rows.length;
      }
      return Math.max(count - 1, 0);
    },

    async check(text) {
      for await (const [header] of readCsv(text, delimiter)) {
        if (header !== undefined) {
          openTable(text, header, texts);
          return;
        }
      }
    },
  };
}

/** A text whose header has been read. */
interface Table {
  readonly columns: readonly string[];
  readonly templates: RowTemplates | undefined;
}

/** Throws a `UsageError` for a header that the templates do not fit. */
function openTable({ name }: Text, header: CsvRow, texts: TemplateTexts | undefined): Table {
  if (header.problem !== undefined) {
    throw new UsageError(`${name}:${header.line}: ${header.problem}`);
  }
  const columns = header.fields.map((column) => column.trim());
  const known = new Set(columns);
  const twice = columns.find((column, at) => column !== '' && columns.indexOf(column) !== at);
  if (twice !== undefined) {
    throw new UsageError(`${name}:${header.line}: the column ${nameText(twice)} is there twice`);
  }
  const have = `its columns are ${columns.map(nameText).join(', ')}`;
  if (texts === undefined) {
    if (!known.has('url')) {
      throw new UsageError(`${name}: there is no column url, and no --url that makes URLs of rows (${have})`);
    }
    return { columns, templates: undefined };
  }
  const templates = parseRowTemplates(texts, { columns: known, isTyped: false });
  requireColumns(templates, known, `of ${name} (${have}`);
  return { columns, templates };
}

function csvTasks({ columns, templates }: Table, context: SourceContext) {
  const taskOf = rowTasks(templates, context);
  return ({ fields, problem }: CsvRow, index: number): Task => {
    const reason =
      problem ??
      (fields.some((field) => field.includes('\uFFFD'))
        ? 'the row is not UTF-8 text'
        : lengthProblem(fields, columns));
    return reason === undefined
      ? taskOf(index, rowOf(columns, fields))
      : invalidTask(index, undefined, fields.join(',').slice(0, 200), context.request, invalidRow(reason));
  };
}

/** Columns without a name, as spreadsheets write beside a table, are dropped. */
function rowOf(columns: readonly string[], fields: readonly string[]): Row {
  return Object.fromEntries(
    columns.map((column, at) => [column, fields[at]]).filter(([column]) => column !== ''),
  );
}
