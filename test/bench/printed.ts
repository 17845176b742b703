import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { start } from './process.ts';
import type { Bench } from './types.ts';

/** Runs a command to its end and gives the JSON that it prints. Throws with what it says when it fails. */
export async function printedBy(bench: Bench, argv: readonly string[], cores?: string): Promise<unknown> {
  const [stdout, stderr] = [path.join(bench.folder, 'printed'), path.join(bench.folder, 'errors')];
  const files = { stdout, stderr, ...(cores !== undefined && { cores }) };
  const status = await start(argv, files, bench.signal).exit;
  if (status !== 0) {
    throw new Error(`${argv.join(' ')}: exit status ${status}\n${await readFile(stderr, 'utf8')}`);
  }
  return JSON.parse(await readFile(stdout, 'utf8'));
}
