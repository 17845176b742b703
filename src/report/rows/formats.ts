import type { RowFormat } from './row-format.ts';

/** The forms that the answer to a query can have: `--format`. */
export const rowFormats = {
  table: async () => (await import('./table.ts')).table,
  json: async () => (await import('./json.ts')).json,
  jsonl: async () => (await import('./json.ts')).jsonLines,
  csv: async () => (await import('./csv.ts')).csv,
} satisfies Record<string, () => Promise<RowFormat>>;

/** One of those forms. */
export type RowFormatName = keyof typeof rowFormats;
