import type { Cell } from '../database.ts';

/** A form in which COPY takes rows. */
export interface CopyForm {
  /** What the statement says of it. */
  readonly options: string;
  /** Rows, in chunks that may be cut anywhere. Throws a `RefusedError` for a value that has no such form. */
  chunksOf(rows: readonly (readonly Cell[])[]): Iterator<Buffer, void>;
}
