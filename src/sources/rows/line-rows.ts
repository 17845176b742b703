import { parseExactJson } from '../../model/json/exact-json.ts';
import { invalidTask, type Task } from '../../model/task.ts';
import { countByLine, readByLine } from '../lines/by-line.ts';
import type { FormatReader } from '../reader.ts';
import type { LineCursor } from '../lines/line-cursor.ts';
import { maxUrlBytes } from '../lines/lines.ts';
import { invalidRow, type Row } from './row.ts';
import { rowTasks } from './row-tasks.ts';
import { parseRowTemplates, requireColumns } from './row-templates.ts';
import type { RowShape, TemplateTexts } from '../templates/template-texts.ts';
import { maxTaskBytes } from '../tasks/tasks.ts';

/** Rows of JSON Lines: one object a line, whose members are the columns. */
export function jsonlRowsReader(texts: TemplateTexts): FormatReader {
  return rowsReader(texts, { columns: undefined, isTyped: true }, maxTaskBytes, (line) =>
    jsonRow(line.text()),
  );
}

/** Rows of plain lines: one column, `line`. */
export function plainRowsReader(texts: TemplateTexts): FormatReader {
  return rowsReader(texts, { columns: new Set(['line']), isTyped: false }, maxUrlBytes, (line) =>
    plainRow(line.text()),
  );
}

function rowsReader(
  texts: TemplateTexts,
  shape: RowShape,
  maxLineBytes: number,
  rowOf: (line: LineCursor) => Row | string,
): FormatReader {
  const templates = parseRowTemplates(texts, shape);
  if (shape.columns !== undefined) {
    requireColumns(
      templates,
      shape.columns,
      'of plain lines (theirs is {line}; for CSV give --input-format csv',
    );
  }
  return {
    read(text, context) {
      const taskOf = rowTasks(templates, context);
      return readByLine(text, context, maxLineBytes, (line, index): Task => {
        const row = line.tooLong ? `the line is longer than ${maxLineBytes / 1024} KiB` : rowOf(line);
        return typeof row === 'string'
          ? invalidTask(index, undefined, texts.url, context.request, invalidRow(row))
          : taskOf(index, row);
      });
    },
    count: (text) => countByLine(text, maxLineBytes),
  };
}

/** A string says why the line is no row. */
function jsonRow(text: string): Row | string {
  try {
    const value = parseExactJson(text);
    return isRow(value) ? value : 'the line is JSON but not an object';
  } catch {
    return 'the line is not JSON';
  }
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function plainRow(line: string): Row | string {
  return line.includes('\uFFFD') ? 'the line is not UTF-8 text' : { line };
}
