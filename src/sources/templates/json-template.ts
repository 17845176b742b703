import { isJson } from '../../model/json/json.ts';
import { jsonProblem } from '../../model/json/json-problem.ts';
import { joined, noValue, textOf, valueIn, type Columns, type Row, type RowTemplate } from '../rows/row.ts';
import { columnsIn, splitText, type TextPart } from './text-template.ts';

/**
 * A JSON text in whose places stand values: in a string as its content, else as the JSON value. Text of
 * CSV that is a JSON number, `true`, `false` or `null` stands there as such (`isTyped` false); values
 * of JSON Lines are what they are.
 */
export function jsonTemplate(text: string, columns: Columns, isTyped: boolean): RowTemplate {
  const parts = splitText(text, columns);
  const pieces = piecesOf(parts, (column, isInString) => {
    const write = isInString ? contentOf : isTyped ? jsonOf : jsonOfText;
    return (row: Row) => write(valueIn(row, column)) ?? noValue(row, column);
  });
  return { columns: columnsIn(parts), expand: joined(pieces) };
}

/** What is wrong with the JSON of a template, whatever the values will be; undefined: nothing. */
export function jsonTemplateProblem(text: string, columns: Columns): string | undefined {
  // `-{n}` and `"\u00{n}"` would be JSON for some values and none for others.
  const sample = piecesOf(splitText(text, columns), (_, isInString) => (isInString ? 'x' : 'null'));
  try {
    JSON.parse(sample.join(''));
    return undefined;
  } catch (error) {
    return jsonProblem(error);
  }
}

/** The parts, with what `place` makes of those that are places of columns. */
function piecesOf<T>(
  parts: readonly TextPart[],
  place: (column: string, isInString: boolean) => T,
): (string | T)[] {
  let isInString = false;
  return parts.map((part) => {
    if (typeof part === 'object') {
      return place(part.column, isInString);
    }
    isInString = hasOddQuotes(part) ? !isInString : isInString;
    return part;
  });
}

/** A literal ends in the middle of a string when it opens one, and the other way round. */
function hasOddQuotes(literal: string): boolean {
  return (literal.replaceAll(/\\[^]/g, '').match(/"/g) ?? []).length % 2 === 1;
}

/** The value as text, between the quotes of a string. */
function contentOf(value: unknown): string | undefined {
  const text = textOf(value);
  return text === undefined ? undefined : JSON.stringify(text).slice(1, -1);
}

function jsonOf(value: unknown): string | undefined {
  return JSON.stringify(value);
}

function jsonOfText(value: unknown): string | undefined {
  return typeof value === 'string' && isScalar(value) ? value : jsonOf(value);
}

/** A JSON text that is neither a string, nor an object, nor a list. */
function isScalar(text: string): boolean {
  return /^[-\dtfn]/.test(text) && isJson(Buffer.from(text)) && !/\s$/.test(text);
}
