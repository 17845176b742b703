import type { Databases } from '../databases/index.ts';
import { filesOfSpecs, isDatabase, shownSpec } from '../databases/spec.ts';
import { SinkError, UsageError } from '../model/errors.ts';
import type { ResolvedRunOptions } from '../model/options/run-options.ts';
import { plural } from '../report/format.ts';
import { destinationOf } from '../sinks/sql/destination.ts';
import type { Shortfall } from '../sinks/sql/shortfall.ts';
import type { SqlSettings } from '../sinks/sql/sql.ts';

/** The databases that records go to. */
export interface ToDatabases {
  /** How they go there. */
  readonly settings: SqlSettings;
  /** The files that are written. */
  readonly files: readonly string[];
  /** Tables that lack rows, known when the outputs are closed. */
  readonly shortfalls: readonly Shortfall[];
}

/** What `--to` and the flags about it say; undefined without it. Nothing is opened. Throws a `UsageError`. */
export function toDatabases(
  options: ResolvedRunOptions,
  databases: Databases | undefined,
  onWarning: (message: string) => void,
): ToDatabases | undefined {
  const { output, to, toTable, toColumns, dbBatch, includeHeaders } = options;
  const misplaced = output.find(isDatabase);
  if (misplaced !== undefined) {
    throw new UsageError(`--output: ${shownSpec(misplaced)} is a database: give it with --to`);
  }
  const needing = toTable !== undefined ? '--to-table' : toColumns !== undefined ? '--to-columns' : undefined;
  if (databases === undefined || to.length === 0) {
    if (needing !== undefined) {
      throw new UsageError(`${needing} is for a database that records go to: give --to too`);
    }
    return undefined;
  }
  const destinations = to.map((one) => destinationOf(one, toTable));
  const ids = destinations.map(({ spec, table }) => `${spec}\n${table}`);
  const twice = destinations.find((_, at) => ids.indexOf(ids[at]!) < at);
  if (twice !== undefined) {
    throw new UsageError(`--to names the table ${twice.table} of one database twice`);
  }
  const shortfalls: Shortfall[] = [];
  return {
    settings: {
      databases,
      table: toTable,
      columns: toColumns,
      withAllHeaders: includeHeaders,
      batchSize: dbBatch,
      onWarning,
      onShortfall: (shortfall) => shortfalls.push(shortfall),
    },
    files: [...new Set(filesOfSpecs(destinations.map(({ spec }) => spec)))],
    shortfalls,
  };
}

/** Tells which records have no row, unless `isQuiet`. Throws a `SinkError` when a database did not take one. */
export function tellShortfalls(
  shortfalls: readonly Shortfall[],
  isQuiet: boolean,
  say: (message: string) => void,
): void {
  for (const { table, failed } of shortfalls) {
    if (failed > 0 && !isQuiet) {
      say(`${table} has no row of ${plural(failed, 'record')} of tasks that failed`);
    }
  }
  const refused = shortfalls.filter((one) => one.refused > 0);
  if (refused.length > 0) {
    const parts = refused.map((one) => `${plural(one.refused, 'row')} of ${one.table}`);
    throw new SinkError(`not stored: ${parts.join(', ')}; each is named above`);
  }
}
