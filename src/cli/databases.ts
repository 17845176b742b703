import { setTimeout as wait } from 'node:timers/promises';
import type { Databases } from '../databases/index.ts';
import type { ResolvedRunOptions } from '../model/options/run-options.ts';
import type { Milliseconds } from '../model/units.ts';
import { ending } from './ending.ts';

/** The databases of a run; undefined: it has none, and nothing of them is loaded. The caller closes them. */
export async function openDatabases(
  options: ResolvedRunOptions,
  onWarning: (message: string) => void,
): Promise<Databases | undefined> {
  const { from, to, dbPool, dbTimeout, fsync } = options;
  if (from === undefined && to.length === 0) {
    return undefined;
  }
  const { Databases } = await import('../databases/index.ts');
  return new Databases({
    pool: dbPool,
    isSynced: fsync === 'each',
    patience: { backoff: options, awayMs: dbTimeout, onWarning },
  });
}

/** Closes what is open still. One that does not answer is left behind: the process ends without it. */
export async function closeDatabases(databases: Databases | undefined): Promise<void> {
  if (databases !== undefined) {
    const isClosed = databases.close().then(() => true);
    if (!(await Promise.race([isClosed, wait(mostMs, false, { ref: false })]))) {
      ending.holdUp();
    }
  }
}

const mostMs: Milliseconds = 1000;
