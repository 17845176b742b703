import type { FetchRecord } from '../../model/record.ts';
import type { Sink } from '../sink.ts';
import { destinationOf } from './destination.ts';
import { openTable, place, type OpenTable, type TableSettings } from './open-table.ts';
import { RowWriter, type RowWriterSettings } from './row-writer.ts';
import type { Shortfall } from './shortfall.ts';

/** Resolves when the records may be written; undefined: now. Never rejects. */
export type BeforeRecords = (records: readonly FetchRecord[]) => Promise<void> | undefined;

/** How records go into databases. */
export interface SqlSettings extends TableSettings, RowWriterSettings {
  /** The table, where the spec names none. Absent: `results`. */
  readonly table?: string | undefined;
  /**
   * Told of the table when it is open; gives what says whether to wait before records are written. Throws a
   * `UsageError` for a table that the run cannot go on from.
   */
  readonly onTable?: ((table: OpenTable) => Promise<BeforeRecords | undefined>) | undefined;
  /** Told in the end of a table that does not have a row for every record. */
  readonly onShortfall?: ((shortfall: Shortfall) => void) | undefined;
}

/** Records into a table of a database. Throws a `UsageError`, and a `SinkError` for one that is not there. */
export async function openSqlSink(spec: string, settings: SqlSettings): Promise<Sink> {
  const { batchSize, onTable, onShortfall } = settings;
  const table = await openTable(destinationOf(spec, settings.table), settings);
  const { database } = table;
  const before = await onTable?.(table).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  const writer = new RowWriter(table, settings);
  return {
    name: place(database, table.form.table.name),
    // While each connection has a transaction under way, the rows of the next one gather.
    window: (database.writers + 1) * batchSize,
    write(batch) {
      const waiting = before?.(batch);
      return waiting === undefined ? writer.write(batch) : waiting.then(() => writer.write(batch));
    },
    async close() {
      await database.close();
      const { shortfall } = writer;
      if (shortfall.failed > 0 || shortfall.refused > 0) {
        onShortfall?.(shortfall);
      }
    },
  };
}
