import type { DatabaseFigures } from '../model/database-figures.ts';
import { UsageError } from '../model/errors.ts';
import type { Driver, DriverSettings } from './database.ts';
import type { PatienceSettings } from './patience.ts';
import { shownSpec } from './spec.ts';
import { Database } from './steady.ts';

export type { Database } from './steady.ts';

/** What holds for every database of a run. */
export interface DatabaseSettings extends Omit<DriverSettings, 'isReadOnly'> {
  readonly patience: PatienceSettings;
}

/** A kind of database: how to tell it, and how it is opened. */
interface DatabaseKind {
  /** What a spec of it begins with. */
  readonly schemes: readonly string[];
  /** True for rows whose column is among the texts of the list that the query is given, its only parameter. */
  isAmong(column: string): string;
  /** Connects once. Throws an `AwayError` or a `StatementError`. */
  open(spec: string, settings: DriverSettings): Promise<Driver>;
}

const kinds = {
  sqlite: {
    schemes: ['sqlite:'],
    isAmong: (column) => `${column} in (select value from json_each(?1))`,
    open: async (spec, settings) => (await import('./sqlite/sqlite.ts')).openSqlite(spec, settings),
  },
  postgres: {
    schemes: ['postgres:', 'postgresql:'],
    isAmong: (column) => `${column} = any($1)`,
    open: async (spec, settings) => (await import('./postgres/postgres.ts')).openPostgres(spec, settings),
  },
} satisfies Record<string, DatabaseKind>;

/** The databases of one run, and how it got along with them. */
export class Databases {
  readonly #settings: DatabaseSettings;
  readonly #opened: Database[] = [];
  readonly #end = new AbortController();

  constructor(settings: DatabaseSettings) {
    this.#settings = settings;
  }

  /**
   * Connects, once. Throws a `UsageError` for what is no spec, and what the driver throws. Whoever opens
   * one closes it.
   */
  async open(spec: string, { isReadOnly }: Pick<DriverSettings, 'isReadOnly'>): Promise<Database> {
    const { patience, ...settings } = this.#settings;
    const driver = await kindOf(spec).open(spec, { ...settings, isReadOnly });
    const signals = [this.#end.signal, patience.signal].filter((signal) => signal !== undefined);
    const database = new Database(driver, { ...patience, signal: AbortSignal.any(signals) });
    this.#opened.push(database);
    return database;
  }

  /** Closes what is open still, when the run is over: nothing waits for a database any more. */
  async close(): Promise<void> {
    this.#end.abort();
    await Promise.all(this.#opened.map((database) => database.close()));
  }

  /** Of each one that was opened, in that order. */
  figures(): DatabaseFigures[] {
    return this.#opened.map((database) => database.figures());
  }
}

/** What specs look like, for messages. */
export const databaseForm = 'sqlite:FILE or postgres://USER@HOST/NAME';

/** True for what is a spec of a database by its scheme. */
export function isDatabase(spec: string): boolean {
  return Object.values<DatabaseKind>(kinds).some((kind) => isOf(kind, spec));
}

/**
 * A condition in the SQL of that kind of database: a column, as it stands in SQL, is among the texts of the
 * list that the query is given, its only parameter.
 */
export function isAmong(spec: string, column: string): string {
  return kindOf(spec).isAmong(column);
}

function kindOf(spec: string): DatabaseKind {
  const kind = Object.values<DatabaseKind>(kinds).find((one) => isOf(one, spec));
  if (kind === undefined) {
    throw new UsageError(`must be ${databaseForm}, not ${JSON.stringify(shownSpec(spec))}`);
  }
  return kind;
}

function isOf({ schemes }: DatabaseKind, spec: string): boolean {
  return schemes.some((scheme) => spec.startsWith(scheme));
}
