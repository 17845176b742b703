import { DatabaseAwayError } from '../../model/errors.ts';
import type { FetchRecord } from '../../model/record.ts';
import { place, sinkFault, type OpenTable } from './open-table.ts';
import { Refusals } from './refusals.ts';
import type { Row } from './row-form.ts';
import { RowQueue, type WaitingRow } from './row-queue.ts';
import type { Shortfall } from './shortfall.ts';

/** How rows are written. */
export interface RowWriterSettings {
  /** Rows in one transaction, at most. */
  readonly batchSize: number;
  /** Told, in one line, of each row that the database does not take. */
  readonly onWarning: (message: string) => void;
}

/**
 * Records into a table, several transactions at a time: one begins when its rows are complete, or when no
 * other is under way, so that a slow run has its rows stored at once and a fast one in large portions.
 */
export class RowWriter {
  readonly #table: OpenTable;
  readonly #queue: RowQueue;
  readonly #refusals: Refusals;
  readonly #settings: RowWriterSettings;
  readonly #keyAt: readonly number[];
  readonly #writes = new Set<Write>();
  #underWay = 0;
  #fault: { readonly error: unknown } | undefined;
  #failed = 0;
  #refused = 0;

  constructor(table: OpenTable, settings: RowWriterSettings) {
    const { columns, key } = table.form.table;
    this.#table = table;
    this.#settings = settings;
    this.#queue = new RowQueue(settings.batchSize);
    this.#refusals = new Refusals(table.database, table.form, (record, reason) => this.#lose(record, reason));
    this.#keyAt = key.map((name) => columns.findIndex((column) => column.name === name));
  }

  /** What has no row so far. */
  get shortfall(): Shortfall {
    return { table: this.#place, failed: this.#failed, refused: this.#refused };
  }

  /** Resolves when the rows are committed. Throws a `SinkError` or a `DatabaseAwayError`, then for good. */
  async write(records: readonly FetchRecord[]): Promise<void> {
    if (this.#fault !== undefined) {
      throw this.#fault.error;
    }
    const write = new Write();
    for (const record of records) {
      this.#add(record, write);
    }
    if (write.isPending) {
      this.#writes.add(write);
      this.#begin();
      await write.ended.finally(() => this.#writes.delete(write));
    }
  }

  #add(record: FetchRecord, write: Write): void {
    const row = this.#table.form.rowOf(record);
    if (row === undefined) {
      this.#failed += record.ok ? 0 : 1;
      return;
    }
    const missing = this.#keyAt.find((at) => row[at] === null);
    if (missing === undefined) {
      write.expect();
      this.#queue.push({ record, row, key: this.#keyOf(row), write });
    } else {
      // Databases would take it, as a further row each time.
      const { columns } = this.#table.form.table;
      this.#lose(record, `there is no value for ${columns[missing]!.name}, which tells rows apart`);
    }
  }

  #keyOf(row: Row): string {
    let key = String(row[this.#keyAt[0]!]);
    for (let at = 1; at < this.#keyAt.length; at++) {
      key += `\0${row[this.#keyAt[at]!]}`;
    }
    return key;
  }

  #begin(): void {
    while (
      this.#fault === undefined &&
      this.#underWay < this.#table.database.writers &&
      (this.#underWay === 0 || this.#queue.isFull)
    ) {
      const rows = this.#queue.take();
      if (rows.length === 0) {
        return;
      }
      void this.#store(rows);
    }
  }

  /** Never rejects: a fault is thrown by the writes. */
  async #store(rows: readonly WaitingRow[]): Promise<void> {
    this.#underWay++;
    try {
      await this.#refusals.write(this.#queue.lastOfEach(rows));
      for (const { write } of rows) {
        write.isStored();
      }
    } catch (error) {
      this.#fail(this.#meant(error));
    }
    this.#queue.release(rows);
    this.#underWay--;
    this.#begin();
  }

  #fail(error: unknown): void {
    this.#fault ??= { error };
    for (const write of this.#writes) {
      write.fail(this.#fault.error);
    }
  }

  #lose(record: FetchRecord, reason: string): void {
    this.#refused++;
    const { id, page } = record;
    const which = page === undefined ? `id ${id}` : `id ${id}, page ${page}`;
    this.#settings.onWarning(`${this.#place}: the row of ${which} is not stored: ${reason}`);
  }

  #meant(error: unknown): unknown {
    const goOn = 'what was committed stays there, and --resume goes on from it';
    if (error instanceof DatabaseAwayError) {
      return new DatabaseAwayError(`${error.message}; ${goOn}`, { cause: error });
    }
    return sinkFault(error, `write ${this.#place}`, `; ${goOn}`);
  }

  get #place(): string {
    return place(this.#table.database, this.#table.form.table.name);
  }
}

/** A call of `write`, until all of its rows are stored. */
class Write {
  readonly #promise = Promise.withResolvers<void>();
  #left = 0;

  get isPending(): boolean {
    return this.#left > 0;
  }

  get ended(): Promise<void> {
    return this.#promise.promise;
  }

  expect(): void {
    this.#left++;
  }

  isStored(): void {
    if (--this.#left === 0) {
      this.#promise.resolve();
    }
  }

  fail(error: unknown): void {
    this.#promise.reject(error);
  }
}
