import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';

/** How much of what was asked for a tool wrote. */
export interface Tally {
  readonly records: number;
  readonly ok: number;
}

/**
 * Counts the lines of a file and those that hold the mark. Deliberately not a JSON parser: 100,000
 * records are checked after every run.
 */
export async function tallyLines(file: string, mark: string, headerLines = 0): Promise<Tally> {
  let [lines, ok, rest] = [0, 0, ''];
  for await (const chunk of createReadStream(file, { encoding: 'latin1', highWaterMark: 1 << 20 })) {
    const parts = `${rest}${String(chunk)}`.split('\n');
    rest = parts.pop() ?? '';
    lines += parts.length;
    ok += parts.filter((line) => line.includes(mark)).length;
  }
  return { records: lines - headerLines, ok };
}

/** Counts the files of a folder, for tools that write one per URL. */
export async function tallyFiles(folder: string): Promise<Tally> {
  const files = await readdir(folder);
  return { records: files.length, ok: files.length };
}
