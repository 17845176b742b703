import { inputFormats, type InputFormat } from '../model/options/run-options.ts';
import { linesReader } from './lines/lines.ts';
import type { FormatReader, FormatSettings } from './reader.ts';

/** A format: how to tell it, and its reader, which is loaded when there is such a text. */
interface Format {
  /** Of the names of files, in lower case. */
  readonly endings: readonly string[];
  load(settings: FormatSettings): FormatReader | Promise<FormatReader>;
}

const formats = {
  lines: {
    endings: ['.txt'],
    load: async ({ templates }) =>
      templates === undefined
        ? linesReader
        : (await import('./rows/line-rows.ts')).plainRowsReader(templates),
  },
  jsonl: {
    endings: ['.jsonl', '.ndjson'],
    load: async ({ templates }) =>
      templates === undefined
        ? (await import('./tasks/tasks.ts')).tasksReader
        : (await import('./rows/line-rows.ts')).jsonlRowsReader(templates),
  },
  csv: {
    endings: ['.csv'],
    load: async ({ templates }) => (await import('./rows/csv-rows.ts')).csvReader(',', templates),
  },
  tsv: {
    endings: ['.tsv', '.tab'],
    load: async ({ templates }) => (await import('./rows/csv-rows.ts')).csvReader('\t', templates),
  },
} satisfies Record<InputFormat, Format>;

/** The format that the ending of a name, its compression taken off, tells. */
export function formatOfName(name: string): InputFormat | undefined {
  const lower = name.toLowerCase();
  return inputFormats.find((format) => formats[format].endings.some((ending) => lower.endsWith(ending)));
}

/** The reader of a format. */
export async function readerOf(format: InputFormat, settings: FormatSettings): Promise<FormatReader> {
  return formats[format].load(settings);
}
