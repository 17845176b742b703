import * as z from 'zod/mini';
import { columnList } from './column-list.ts';
import { count, duration } from './forms.ts';
import { parseDuration } from '../units.ts';

/** Rows out of a database, and what bears on every database of a run. */
export const databaseShape = {
  /** A database whose rows are tasks: `sqlite:FILE` or `postgres://…`. */
  from: z.optional(z.string()),
  /** Whose rows those are. */
  query: z.optional(z.string()),
  /** What the places in it (`$1`, `$2`, …) are bound to. */
  param: z._default(z.array(z.string()), []),
  /** Rows written in one transaction, and ids looked up by one query. */
  dbBatch: z._default(count, 500),
  /** Connections to one database. */
  dbPool: z._default(count, 10),
  /** How long a database that has gone away is waited for. */
  dbTimeout: z._default(duration, 60_000),
};

/** What is fetched again of what a database has. */
export type Refetch = z.output<typeof refetch>;

const refetchForm = 'must be failed, all, or older-than=TIME, as in older-than=24h';

const refetch = z.pipe(
  z.string({ error: refetchForm }),
  z.transform((text, context): 'failed' | 'all' | { readonly olderThanMs: number } => {
    if (text === 'failed' || text === 'all') {
      return text;
    }
    const age = /^older-than=(.+)$/.exec(text)?.[1];
    const olderThanMs = age === undefined ? undefined : parseDuration(age);
    if (olderThanMs !== undefined && olderThanMs >= 0) {
      return { olderThanMs };
    }
    context.issues.push({
      code: 'custom',
      message: `${refetchForm}, not ${JSON.stringify(text)}`,
      input: text,
    });
    return z.NEVER;
  }),
);

/** Records into a database. */
export const toDatabaseShape = {
  /** Databases of the records: `sqlite:FILE` or `postgres://…?table=…`. */
  to: z._default(z.array(z.string()), []),
  /** The table there. */
  toTable: z.optional(z.string().check(z.minLength(1, 'must name a table'))),
  /** The columns of a table of the user's own, and the parts of a record that go there. */
  toColumns: z.optional(columnList()),
  /** Going on, what is fetched again. */
  refetch: z.optional(refetch),
};
