import type { FetchRecord } from '../model/record.ts';

/** Where batches of records go. */
export interface Sink {
  /** For people: a file name or `standard output`. */
  readonly name: string;
  /** So many records may be in writes that have not resolved. Absent: one write after the other. */
  readonly window?: number | undefined;
  /**
   * Resolves when the batch has been handed to the system, so that it survives the death of this
   * process. Throws `SinkError` (full disk) or `ReaderGoneError` (closed pipe).
   */
  write(batch: readonly FetchRecord[]): Promise<void>;
  /** Flushes and closes; called exactly once, also after a failed write. */
  close(): Promise<void>;
}
