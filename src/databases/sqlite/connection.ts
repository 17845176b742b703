import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Bytes } from '../../model/units.ts';
import { StatementError } from '../errors.ts';
import type { FileSettings } from './calls.ts';

/**
 * Opens the file and sees that it is a database, and one that can be written if it is to be. A new one gets a
 * write-ahead log, so that who reads and who writes never wait for each other; one of the user's own keeps its
 * mode. Throws a `StatementError`, and what SQLite throws.
 */
export function openFile(settings: FileSettings): DatabaseSync {
  const { file, isReadOnly } = settings;
  const isNew = !existsSync(file);
  if (isNew && isReadOnly) {
    throw new StatementError('there is no such file');
  }
  if (!existsSync(path.dirname(file))) {
    throw new StatementError(`there is no folder ${path.dirname(file)}`);
  }
  if (!isNew && statSync(file).isDirectory()) {
    throw new StatementError('it is a folder');
  }
  try {
    return connect(settings, isNew);
  } catch (error) {
    if (!isReadOnly || !needsRecovery(error)) {
      throw error;
    }
    connect({ ...settings, isReadOnly: false }, false).close();
    return connect(settings, false);
  }
}

function connect({ file, isReadOnly, isSynced }: FileSettings, isNew: boolean): DatabaseSync {
  const database = new DatabaseSync(file, { readOnly: isReadOnly, timeout: busyMs });
  try {
    if (isNew) {
      database.exec(`pragma page_size = ${pageSize}; pragma journal_mode = wal`);
    }
    // Without a log, less than that may damage the file when the machine dies.
    const isFull = isSynced || ask(database, 'journal_mode') !== 'wal';
    const logPages = Math.ceil(logSize / Number(ask(database, 'page_size')));
    database.exec(`pragma synchronous = ${isFull ? 'full' : 'normal'}; pragma cache_size = -${cacheKib};
      pragma wal_autocheckpoint = ${logPages}`);
    database.exec(isReadOnly ? 'select 1 from sqlite_schema limit 1' : 'begin immediate; rollback');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** How long SQLite itself waits for a lock; whoever calls tries again. */
const busyMs = 1000;

// Measured with the table of results and bodies of 1 KB: against SQLite's own 4 KiB, 2 MB and 4 MB, a row that is
// written costs 8.3 us instead of 10.3, and one with a random id 17 us instead of 26.
const pageSize: Bytes = 8192;
const cacheKib = 16_384;
/** The write-ahead log is carried over into the file when it is this long. */
const logSize: Bytes = 32 * 1024 ** 2;

function ask(database: DatabaseSync, pragma: 'journal_mode' | 'page_size'): unknown {
  return database.prepare(`pragma ${pragma}`).get()?.[pragma];
}

/** Somebody died while writing, and only who may write can undo what he left: SQLITE_READONLY_ROLLBACK. */
function needsRecovery(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 776;
}
