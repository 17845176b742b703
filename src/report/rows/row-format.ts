import type { Rows } from '../../databases/database.ts';
import type { Screen } from '../render.ts';

/**
 * Writes the answer to a query as text, piece by piece as its rows come, so that any number of rows costs
 * little memory. The first batch may be empty; all have the same columns.
 */
export type RowFormat = (batches: AsyncIterable<Rows>, screen: RowScreen) => AsyncGenerator<string, void>;

/** What rows are shown on. */
export interface RowScreen extends Screen {
  /** A terminal, which would obey what stands in rows. */
  readonly isTerminal: boolean;
}
