import type { ResolvedRunOptions } from '../../model/options/run-options.ts';

/** Whether a run is to tell of itself, or an option says how it should; in most runs none does. */
export function needsDebugging(options: ResolvedRunOptions): boolean {
  const { debug, logLevel, logFormat, slowCallback, trace } = options;
  return debug || [logLevel, logFormat, slowCallback, trace].some((option) => option !== undefined);
}
