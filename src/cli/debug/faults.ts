import { inspect } from 'node:util';
import type { Log } from './log.ts';

/**
 * Logs, with their stacks, errors that nobody catches and rejections that nobody handles, until what it gives
 * is called. It only looks on: the process ends by them as it does without.
 */
export function logFaults(log: Log): () => void {
  const listener = (error: unknown, origin: NodeJS.UncaughtExceptionOrigin) => {
    const what = origin === 'unhandledRejection' ? 'unhandled rejection' : 'uncaught exception';
    const stack = error instanceof Error ? (error.stack ?? error.message) : inspect(error);
    log.write({
      level: 'error',
      event: 'fault',
      at: performance.now(),
      text: `${what}: ${stack}`,
      fields: { fault: what },
    });
  };
  process.on('uncaughtExceptionMonitor', listener);
  return () => process.off('uncaughtExceptionMonitor', listener);
}
