import type { Database, Databases } from '../../databases/index.ts';
import { untilAborted } from '../interruptible.ts';
import type { OpenerSettings, SourcePart } from '../part.ts';
import { batchSize } from '../source.ts';
import type { Pattern } from '../urls/pattern.ts';
import { answerTasks, rowReader } from './answer-tasks.ts';
import { openFault, queryFault } from './faults.ts';
import { lookUp, type Answer, type LookupSettings } from './look-up.ts';
import { oneAhead } from './one-ahead.ts';

/** A query whose rows are tasks. */
export interface QueryInput {
  readonly databases: Databases;
  /** `sqlite:FILE` or `postgres://…` */
  readonly from: string;
  readonly sql: string;
  /** What its places are bound to; with ids, from the second on. */
  readonly parameters: readonly string[];
  readonly lookups: LookupSettings;
  /** Told of ids without a row, where it cannot be said which. */
  readonly onWarning: (message: string) => void;
}

/**
 * Asks the query, once, or with `--ids` once for so many of them, and looks at the first answer. Throws a
 * `UsageError` for a database that cannot be reached, a query that it does not take, and columns that do
 * not fit the templates. Rows are read as they are wanted, and the database is closed after the last.
 */
export async function openQuery(
  input: QueryInput,
  { ids, templates }: Pick<OpenerSettings, 'ids' | 'templates'>,
): Promise<SourcePart> {
  const database = await opened(input);
  const stop = new AbortController();
  const answers = answersOf(database, input, ids, stop.signal);
  try {
    const first = await answers.next();
    const reader = rowReader(first.done === true ? [] : first.value.columns, templates);
    return {
      name: database.name,
      async *read(context, signal) {
        signal.addEventListener('abort', () => stop.abort(), { once: true });
        const tasksOf = answerTasks(reader, database.name, context);
        const missing = new MissingIds();
        let isRead = false;
        try {
          for await (const answer of untilAborted(beginningWith(first, answers), signal)) {
            missing.add(answer);
            const tasks = tasksOf(answer);
            for (let at = 0; at < tasks.length; at += batchSize) {
              yield tasks.slice(at, at + batchSize);
            }
          }
          isRead = true;
        } catch (error) {
          throw queryFault(error);
        } finally {
          missing.tell(database.name, input.onWarning);
          stop.abort();
          const closed = database.close();
          closed.catch(() => undefined); // told where all databases are closed
          if (isRead) {
            await closed; // else a query is still at work, for which nobody waits
          }
        }
      },
    };
  } catch (error) {
    await database.close();
    throw queryFault(error);
  }
}

async function opened({ databases, from }: QueryInput): Promise<Database> {
  try {
    return await databases.open(from, { isReadOnly: true });
  } catch (error) {
    throw openFault(from, error);
  }
}

/** At most one batch of rows, or a few lookups, are there before they are wanted. */
function answersOf(
  database: Database,
  { sql, parameters, lookups }: QueryInput,
  ids: Pattern | undefined,
  signal: AbortSignal,
): AsyncGenerator<Answer, void, undefined> {
  return ids === undefined
    ? oneAhead(database.query(sql, parameters, { batchSize, signal }))
    : lookUp(ids, lookups, (some) => database.all(sql, [some, ...parameters]));
}

async function* beginningWith<T>(
  first: IteratorResult<T, void>,
  rest: AsyncGenerator<T, void, undefined>,
): AsyncGenerator<T, void, undefined> {
  if (first.done !== true) {
    yield first.value;
    yield* rest;
  }
}

/** Counts the ids that have no row, where there is no column to tell which. */
class MissingIds {
  #asked = 0;
  #missing = 0;

  add({ ids, columns, rows }: Answer): void {
    if (ids !== undefined && !columns.includes('id')) {
      this.#asked += ids.length;
      this.#missing += Math.max(0, ids.length - rows.length);
    }
  }

  tell(name: string, onWarning: (message: string) => void): void {
    if (this.#missing > 0) {
      onWarning(
        `${name}: the query gave no row for ${this.#missing} of ${this.#asked} ids; with a column id it can be told for which`,
      );
    }
  }
}
