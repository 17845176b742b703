import type { DatabaseFigures } from '../model/database-figures.ts';
import type { Cell, Driver, Parameter, QuerySettings, Rows, Table, TableDescription } from './database.ts';
import { PassedRows } from './passed-rows.ts';
import { Patience, type PatienceSettings, type Tries } from './patience.ts';

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
  /** Nothing is tried again once it is closed. */
  readonly #end = new AbortController();
  #closed: Promise<void> | undefined;

  constructor(driver: Driver, settings: PatienceSettings) {
    this.#driver = driver;
    const signals = [this.#end.signal, settings.signal].filter((signal) => signal !== undefined);
    this.#patience = new Patience(driver.name, { ...settings, signal: AbortSignal.any(signals) });
  }

  get name(): string {
    return this.#driver.name;
  }

  /** How many upserts at once make sense. */
  get writers(): number {
    return this.#driver.writers;
  }

  /**
   * The answer to a query, by a cursor. A query that is cut off is asked again, and goes on behind the rows
   * that were handed on. Throws a `StatementError` when these are not the same any more.
   */
  async *query(
    sql: string,
    parameters: readonly Parameter[],
    settings: QuerySettings,
  ): AsyncGenerator<Rows, void, undefined> {
    const tries = this.#patience.tries();
    const passed = new PassedRows();
    while (settings.signal?.aborted !== true) {
      try {
        yield* this.#queryOnce(sql, parameters, settings, tries, passed);
        return;
      } catch (error) {
        await tries.afterFault(error);
        passed.startOver();
      }
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

  /** Closes it, once, however often it is called. */
  close(): Promise<void> {
    this.#end.abort();
    return (this.#closed ??= this.#driver.close());
  }

  /** The rows that were not handed on yet. */
  async *#queryOnce(
    sql: string,
    parameters: readonly Parameter[],
    settings: QuerySettings,
    tries: Tries,
    passed: PassedRows,
  ): AsyncGenerator<Rows, void, undefined> {
    for await (const { columns, rows } of this.#driver.query(sql, parameters, settings)) {
      const fresh = passed.fresh(rows);
      // Rows that come again are not progress: a query that always fails at one place ends some day.
      if (fresh.length > 0) {
        tries.wentWell();
      }
      if (fresh.length > 0 || rows.length === 0) {
        this.#rowsRead += fresh.length;
        yield { columns, rows: fresh };
      }
    }
    if (settings.signal?.aborted !== true) {
      passed.end();
      tries.wentWell();
    }
  }
}
