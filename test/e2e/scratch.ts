import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A directory with these files, which the end of the test removes. */
export function scratch(files: Readonly<Record<string, string>> = {}): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'bulkfetch-e2e-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(path.join(directory, name), text);
  }
  return directory;
}
