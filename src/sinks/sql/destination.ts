import { databaseForm, isDatabase, kindOf, shownSpec } from '../../databases/spec.ts';
import { UsageError } from '../../model/errors.ts';

/** A table that records go to. */
export interface Destination {
  /** Of the database, as it is opened. */
  readonly spec: string;
  readonly table: string;
}

/** The table when nothing else is said. */
const usualTable = 'results';

/**
 * What a `--to` means: `table` may stand there as a parameter (`?table=users`), or beside it. Throws a
 * `UsageError` for what is no spec, and when two tables are named.
 */
export function destinationOf(to: string, table: string | undefined): Destination {
  if (!isDatabase(to)) {
    throw new UsageError(`--to: must be ${databaseForm}, not ${JSON.stringify(shownSpec(to))}`);
  }
  const { spec, table: own } = splitTable(to);
  if (own === '') {
    throw new UsageError(`--to: table= must name a table, as in ?table=${usualTable}`);
  }
  if (own !== undefined && table !== undefined && own !== table) {
    throw new UsageError(
      `--to names the table ${JSON.stringify(own)}, and --to-table ${JSON.stringify(table)}`,
    );
  }
  return { spec, table: own ?? table ?? usualTable };
}

/** Not by `URL`: several hosts in one are none for it, and a file may have a `?` in its name. */
function splitTable(to: string): { spec: string; table?: string } {
  const at = kindOf(to) === 'sqlite' ? to.lastIndexOf('?table=') : to.indexOf('?');
  if (at === -1) {
    return { spec: to };
  }
  const parameters = to.slice(at + 1).split('&');
  const named = parameters.findLast((one) => one.startsWith('table='));
  const others = parameters.filter((one) => !one.startsWith('table='));
  return {
    spec: others.length === 0 ? to.slice(0, at) : `${to.slice(0, at)}?${others.join('&')}`,
    ...(named !== undefined && { table: decoded(named.slice('table='.length)) }),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % is kept as it was written
  }
}
