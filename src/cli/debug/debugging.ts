import { UsageError } from '../../model/errors.ts';
import { usualSlowness, type RunObserver } from '../../model/observer.ts';
import type { ResolvedRunOptions } from '../../model/options/run-options.ts';
import type { Sink } from '../../sinks/sink.ts';
import { blockedEntry } from './blocked.ts';
import { logFaults } from './faults.ts';
import { createLog, type Log } from './log.ts';
import { logging } from './logging.ts';
import { openTrace } from './trace-file.ts';
import { startWatchdog } from './watchdog.ts';

/** What `--debug` and `--trace` do beside a run. */
export interface Debugging {
  readonly observer: RunObserver;
  /** With `--debug`. */
  readonly log: Log | undefined;
  /** The same sink, which waits for what else is written. */
  over(sink: Sink): Sink;
  /** Throws `SinkError` for a trace that cannot be written. */
  close(): Promise<void>;
}

/**
 * Opens what the options ask for; lines of the log go to `put`. Throws `SinkError` for a trace that cannot be
 * written, and a `UsageError` for an option of a log that there is not.
 */
export async function openDebugging(
  options: ResolvedRunOptions,
  put: (line: string) => void,
): Promise<Debugging> {
  refuseUseless(options);
  const trace = options.trace === undefined ? undefined : await openTrace(options.trace);
  const log = options.debug ? openLog(options, put) : undefined;
  const stop = log === undefined ? undefined : await watch(log, options);
  return {
    observer: both(trace?.observer, log && logging(log)),
    log,
    over: (sink) => trace?.over(sink) ?? sink,
    async close() {
      await stop?.();
      await trace?.close();
    },
  };
}

function openLog(
  { logLevel = 'debug', logFormat = 'text' }: ResolvedRunOptions,
  put: (line: string) => void,
): Log {
  return createLog({ level: logLevel, format: logFormat, put });
}

/** What is wrong with the process itself: blocks of the event loop, and errors that nobody catches. */
async function watch(
  log: Log,
  { slowCallback = usualSlowness }: ResolvedRunOptions,
): Promise<() => Promise<void>> {
  const releaseFaults = logFaults(log);
  const watchdog = await startWatchdog(slowCallback, (blocked) =>
    log.write(blockedEntry(blocked, performance.now())),
  );
  return async () => {
    await watchdog.stop();
    releaseFaults();
  };
}

function refuseUseless({ debug, logLevel, logFormat, slowCallback }: ResolvedRunOptions): void {
  const given = Object.entries({
    '--log-level': logLevel,
    '--log-format': logFormat,
    '--slow-callback': slowCallback,
  }).find(([, value]) => value !== undefined);
  if (!debug && given !== undefined) {
    throw new UsageError(`${given[0]}: needs a --debug, whose log it is about`);
  }
}

function both(one: RunObserver | undefined, other: RunObserver | undefined): RunObserver {
  return (event) => {
    one?.(event);
    other?.(event);
  };
}
