import type { LogLevel } from '../../model/options/debug-options.ts';
import type { Milliseconds } from '../../model/units.ts';

/** Something for the log: a sentence for a person, and its parts for a program. */
export interface Entry {
  readonly level: LogLevel;
  /** Stable, as all names of `fields`. */
  readonly event: string;
  /** On `performance.now()`'s clock. */
  readonly at: Milliseconds;
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
}
