import type {
  Cell,
  ConnectionFigures,
  Driver,
  DriverSettings,
  Parameter,
  QuerySettings,
  Rows,
  Table,
  TableDescription,
} from '../database.ts';
import { connect } from './connection.ts';
import { readQuery } from './cursor.ts';
import { Pool } from './pool.ts';
import { toTarget } from './spec.ts';
import { createTable, describeTable } from './tables.ts';
import { Upserts } from './upsert.ts';

/** More connections than that write no faster: measured on 2 cores. */
const mostWriters = 4;

/**
 * Opens `postgres://USER@HOST/NAME`, and connects once. Throws a `UsageError` for what is no spec, an
 * `AwayError` or a `StatementError`. What is committed is synced unless the server is set up otherwise, whatever
 * the settings say: a server that crashes and comes back would have lost what the run takes for stored.
 */
export async function openPostgres(spec: string, settings: DriverSettings): Promise<Driver> {
  const { name, config } = toTarget(spec);
  const pool = new Pool((onLost) => connect(config, onLost), settings.pool);
  pool.giveBack(await pool.take());
  return new PostgresDriver(name, pool, settings);
}

class PostgresDriver implements Driver {
  readonly name: string;
  readonly writers: number;
  readonly #pool: Pool;
  /** By what they write into. */
  readonly #upserts = new WeakMap<Table, Upserts>();

  constructor(name: string, pool: Pool, settings: DriverSettings) {
    this.name = name;
    this.writers = Math.min(mostWriters, settings.pool);
    this.#pool = pool;
  }

  query(
    sql: string,
    parameters: readonly Parameter[],
    settings: QuerySettings,
  ): AsyncGenerator<Rows, void, undefined> {
    return readQuery(this.#pool, sql, parameters, settings);
  }

  describe(table: string): Promise<TableDescription | undefined> {
    return describeTable(this.#pool, table);
  }

  create(table: Table): Promise<void> {
    return createTable(this.#pool, table);
  }

  async upsert(table: Table, rows: readonly (readonly Cell[])[]): Promise<void> {
    let upserts = this.#upserts.get(table);
    if (upserts === undefined) {
      upserts = new Upserts(this.#pool, table);
      this.#upserts.set(table, upserts);
    }
    await upserts.put(rows);
  }

  connections(): ConnectionFigures {
    return this.#pool.figures;
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}
