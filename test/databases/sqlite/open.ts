import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Driver, DriverSettings } from '../../../src/databases/database.ts';
import { openSqlite } from '../../../src/databases/sqlite/sqlite.ts';

/** A folder that the end of the test removes. */
export function folder(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'bulkfetch-sqlite-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

/** A driver that is closed when the test is over. */
export async function openDriver(file: string, settings: Partial<DriverSettings> = {}): Promise<Driver> {
  const driver = await openSqlite(`sqlite:${file}`, {
    pool: 1,
    isReadOnly: false,
    isSynced: false,
    ...settings,
  });
  onTestFinished(() => driver.close());
  return driver;
}
