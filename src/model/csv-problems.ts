/** What is said of a row for an error of csv-parse, by its code. */
export const csvProblems: Readonly<Record<string, string>> = {
  INVALID_OPENING_QUOTE: 'a field with a quote in it must stand in quotes, and the quote be doubled',
  CSV_INVALID_CLOSING_QUOTE: 'a quote in a quoted field must be doubled',
  CSV_QUOTE_NOT_CLOSED: 'a quote is not closed',
};

/** What is said of a row that does not fit its header; undefined: it does. */
export function lengthProblem(fields: readonly string[], columns: readonly string[]): string | undefined {
  return fields.length === columns.length
    ? undefined
    : `the row has ${fields.length} field${fields.length === 1 ? '' : 's'}, and the header ${columns.length}`;
}
