import { UsageError } from '../../model/errors.ts';
import type { ResolvedRunOptions } from '../../model/options/run-options.ts';
import { place, type OpenTable } from '../../sinks/sql/open-table.ts';
import { tellsOfFailures } from '../../sinks/sql/own-form.ts';
import { ownColumns, resultColumns, type PastColumns } from '../../sinks/sql/past-columns.ts';
import type { RunMarks } from './run-journal.ts';

/**
 * The columns in which tables say what was fetched, for each one when it is open. Throws a `UsageError` for
 * `--to-columns` from which a run cannot go on.
 */
export function pastColumns(
  options: ResolvedRunOptions,
  isAsked: boolean,
): (table: OpenTable) => PastColumns {
  const { toColumns } = options;
  if (toColumns === undefined || !isAsked) {
    return () => resultColumns;
  }
  const columns = ownColumns(toColumns);
  if (columns === undefined) {
    throw lacking(['id'], options);
  }
  const missing = neededOf(options).filter(({ of }) => of(columns) === undefined);
  if (missing.length > 0) {
    throw lacking(
      missing.map(({ field }) => field),
      options,
    );
  }
  return (table) => {
    checkKey(table, columns, options);
    return columns;
  };
}

/** What stands for a table that cannot note what is sent: what may not be sent twice is not sent. */
export function noMarks({ database, form }: OpenTable): RunMarks {
  return {
    add: () =>
      Promise.reject(
        new UsageError(
          `--to-columns: ${place(database, form.table.name)} cannot note which requests were sent that may not be sent twice: give -o FILE too (or --idempotency-key, or --retry-unsafe)`,
        ),
      ),
    close: () => Promise.resolve(),
  };
}

function lacking(fields: readonly string[], options: ResolvedRunOptions): UsageError {
  const form = fields.map((field) => `${field.split('.').at(-1)}=${field}`).join(',');
  return new UsageError(
    `--to-columns: --${flagOf(options)} needs ${fields.join(', ')} among them, as in ${form}`,
  );
}

interface Needed {
  readonly field: string;
  readonly of: (columns: PastColumns) => string | undefined;
}

function neededOf({ toColumns = [], next, retryFailed, refetch }: ResolvedRunOptions): readonly Needed[] {
  const tellsCauses = Array.isArray(retryFailed);
  const all: readonly (Needed | false)[] = [
    tellsOfFailures(toColumns) && {
      field: 'ok',
      of: ({ ok, status, kind, code }) => ok ?? status ?? kind ?? code,
    },
    tellsCauses && { field: 'status', of: ({ status }) => status },
    tellsCauses && { field: 'error.kind', of: ({ kind }) => kind },
    tellsCauses && { field: 'error.code', of: ({ code }) => code },
    typeof refetch === 'object' && { field: 'startedAt', of: ({ fetchedAt }) => fetchedAt },
    next !== undefined && { field: 'page', of: ({ page }) => page },
    next !== undefined && { field: 'url', of: ({ url }) => url },
    next !== undefined && { field: 'next', of: ({ next: column }) => column },
  ];
  return all.filter((one) => one !== false);
}

function flagOf({ refetch }: ResolvedRunOptions): string {
  return refetch === undefined ? 'resume' : 'refetch';
}

/** Rows are looked up by the id alone, so that it has to tell them apart, where pages are followed with the page. */
function checkKey(
  { database, form }: OpenTable,
  { id, page }: PastColumns,
  options: ResolvedRunOptions,
): void {
  const { name, key } = form.table;
  const wanted = options.next === undefined ? [id] : [id, page];
  if (key.length !== wanted.length || !key.every((column) => wanted.includes(column))) {
    throw new UsageError(
      `--to-columns: --${flagOf(options)} needs a primary key or unique index of ${wanted.join(', ')}, by which rows are found; ${place(database, name)} has one of ${key.join(', ')}`,
    );
  }
}
