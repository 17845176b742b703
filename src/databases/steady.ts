import type { DatabaseFigures } from '../model/database-figures.ts';
import type { Cell, Driver, Parameter, QuerySettings, Rows, Table, TableDescription } from './database.ts';
import { Patience, type PatienceSettings } from './patience.ts';

/**
 * A database that may go away and come back: what fails for that is tried again, and nothing is lost or
 * done twice. Calls throw a `DatabaseAwayError` when it stays away, and otherwise what the driver throws.
 */
export class Database {
  readonly #driver: Driver;
  readonly #patience: Patience;
  #rowsRead = 0;
  #rowsWritten = 0;
  #batches = 0;

  constructor(driver: Driver, settings: PatienceSettings) {
    this.#driver = driver;
    this.#patience = new Patience(driver.name, settings);
  }

  get name(): string {
    return this.#driver.name;
  }

  /** How many upserts at once make sense. */
  get writers(): number {
    return this.#driver.writers;
  }

  /** The answer to a query, by a cursor. */
  async *query(
    sql: string,
    parameters: readonly Parameter[],
    settings: QuerySettings,
  ): AsyncGenerator<Rows, void, undefined> {
    for await (const rows of this.#driver.query(sql, parameters, settings)) {
      this.#rowsRead += rows.rows.length;
      yield rows;
    }
  }

  /** The whole answer to a query that has a short one. */
  all(sql: string, parameters: readonly Parameter[]): Promise<Rows> {
    return this.#patience.until(async () => {
      let columns: readonly string[] = [];
      const rows: (readonly unknown[])[] = [];
      for await (const batch of this.#driver.query(sql, parameters, { batchSize: 10_000 })) {
        ({ columns } = batch);
        rows.push(...batch.rows);
      }
      this.#rowsRead += rows.length;
      return { columns, rows };
    });
  }

  /** Undefined: there is no such table. */
  describe(table: string): Promise<TableDescription | undefined> {
    return this.#patience.until(() => this.#driver.describe(table));
  }

  /** Makes the table unless it is there. */
  create(table: Table): Promise<void> {
    return this.#patience.until(() => this.#driver.create(table));
  }

  /** Puts rows in, all or none, in place of those with the same key. No two of them have the same. */
  async upsert(table: Table, rows: readonly (readonly Cell[])[]): Promise<void> {
    await this.#patience.until(() => this.#driver.upsert(table, rows));
    this.#rowsWritten += rows.length;
    this.#batches++;
  }

  figures(): DatabaseFigures {
    const { most, waits, waitedMs, longestWaitMs } = this.#driver.connections();
    const { returns, awayMs } = this.#patience;
    return {
      name: this.name,
      rowsRead: this.#rowsRead,
      rowsWritten: this.#rowsWritten,
      batches: this.#batches,
      connections: most,
      waits,
      waitedMs,
      longestWaitMs,
      reconnects: returns,
      awayMs,
    };
  }

  close(): Promise<void> {
    return this.#driver.close();
  }
}
