import type { Failure } from '../../model/failure.ts';
import { joined, noValue, textOf, valueIn, type Columns, type RowTemplate } from '../rows/row.ts';

/** A piece of a text: as it stands, or the place of a column. */
export type TextPart = string | { readonly column: string };

/**
 * A text, not a URL, in whose places stand values as text, each as `escape` makes it. Objects and
 * lists stand there as JSON.
 */
export function textTemplate(
  text: string,
  columns: Columns,
  escape: (value: string, column: string) => string | Failure,
): RowTemplate {
  const parts = splitText(text, columns);
  return {
    columns: columnsIn(parts),
    expand: joined(
      parts.map((part) => {
        if (typeof part === 'string') {
          return part;
        }
        const { column } = part;
        return (row) => {
          const value = textOf(valueIn(row, column));
          return value === undefined ? noValue(row, column) : escape(value, column);
        };
      }),
    ),
  };
}

/**
 * Takes a text apart. `{name}` is a place when the name looks like one (a letter or `_`, then letters,
 * digits and `_.-`) or is that of a column; all other braces are braces, for JSON is full of them.
 * `\{` and `\}` always are.
 */
export function splitText(text: string, columns: Columns): readonly TextPart[] {
  const parts: TextPart[] = [];
  let literal = '';
  for (const [whole, brace, name] of text.matchAll(tokenSyntax)) {
    if (name !== undefined && (wordSyntax.test(name) || columns?.has(name) === true)) {
      parts.push(literal, { column: name });
      literal = '';
    } else {
      literal += brace ?? whole;
    }
  }
  return [...parts, literal];
}

/** The columns that have places in a text. */
export function columnsIn(parts: readonly TextPart[]): readonly string[] {
  return parts.flatMap((part) => (typeof part === 'string' ? [] : [part.column]));
}

/** A backslash before anything but a brace is itself, and takes the power from what it precedes, as in JSON. */
const tokenSyntax = /\\([{}])|\\[^]|\{([^{}"\\]+)\}|[^\\{]+|[^]/g;

const wordSyntax = /^[\p{L}_][\p{L}\p{N}_.-]*$/u;
