import type { DatabaseFigures } from '../model/database-figures.ts';
import type { Driver, DriverSettings } from './database.ts';
import type { PatienceSettings } from './patience.ts';
import { kindOf, type DatabaseKind } from './spec.ts';
import { Database } from './steady.ts';

export type { Database } from './steady.ts';

/** What holds for every database of a run. */
export interface DatabaseSettings extends Omit<DriverSettings, 'isReadOnly'> {
  readonly patience: PatienceSettings;
}

/** Connects once. Throws an `AwayError` or a `StatementError`. */
type Open = (spec: string, settings: DriverSettings) => Promise<Driver>;

const kinds = {
  sqlite: async (spec, settings) => (await import('./sqlite/sqlite.ts')).openSqlite(spec, settings),
  postgres: async (spec, settings) => (await import('./postgres/postgres.ts')).openPostgres(spec, settings),
} satisfies Record<DatabaseKind, Open>;

/** The databases of one run, and how it got along with them. */
export class Databases {
  readonly #settings: DatabaseSettings;
  readonly #opened: Database[] = [];

  constructor(settings: DatabaseSettings) {
    this.#settings = settings;
  }

  /**
   * Connects, once. Throws a `UsageError` for what is no spec, and what the driver throws. Whoever opens
   * one closes it.
   */
  async open(spec: string, { isReadOnly }: Pick<DriverSettings, 'isReadOnly'>): Promise<Database> {
    const { patience, ...settings } = this.#settings;
    const driver = await kinds[kindOf(spec)](spec, { ...settings, isReadOnly });
    const database = new Database(driver, patience);
    this.#opened.push(database);
    return database;
  }

  /** Closes what is open still, when the run is over: nothing waits for a database any more. */
  async close(): Promise<void> {
    await Promise.all(this.#opened.map((database) => database.close()));
  }

  /** Of each one that was opened, in that order. */
  figures(): DatabaseFigures[] {
    return this.#opened.map((database) => database.figures());
  }
}
