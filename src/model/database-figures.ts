import type { Milliseconds } from './units.ts';

/** How a run got along with a database. */
export interface DatabaseFigures {
  /** For people, with no password in it. */
  readonly name: string;
  readonly rowsRead: number;
  readonly rowsWritten: number;
  /** Transactions that wrote. */
  readonly batches: number;
  /** Connections open at the same time, at most. */
  readonly connections: number;
  /** How often a connection had to be waited for, for how long in all, and at the longest. */
  readonly waits: number;
  readonly waitedMs: Milliseconds;
  readonly longestWaitMs: Milliseconds;
  /** How often it went away and came back, and how long it was away. */
  readonly reconnects: number;
  readonly awayMs: Milliseconds;
}
