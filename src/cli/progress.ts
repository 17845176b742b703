import type { MultiBar } from 'cli-progress';
import type { EngineStats } from '../model/stats.ts';
import type { Milliseconds, PerSecond } from '../model/units.ts';
import { progressLine, progressText, type ProgressState } from '../report/progress-line.ts';

/**
 * Shows how a run is getting on until it is stopped: a line that is redrawn ten times a second on a
 * terminal, a line of text every two seconds anywhere else. Keeps no process alive.
 */
export function startProgress(watched: Watched): Progress {
  return watched.stream.isTTY ? drawLine(watched) : writeLines(watched);
}

/** What is shown, and where. */
export interface Watched {
  readonly stream: NodeJS.WriteStream;
  readonly stats: () => EngineStats;
  /** Tasks that failed so far. */
  readonly failed: () => number;
  /** How many tasks there are, where the sources know; else it is known when they have ended. */
  readonly total: () => number | undefined;
}

/** A display that is under way. */
export interface Progress {
  /** Writes a line for a person, above what is being redrawn. */
  log(line: string): void;
  /** Removes the line and gives the cursor back. */
  stop(): void;
}

const redrawsPerSecond = 10;
const plainIntervalMs = 2000;
const smoothingMs = 5000;

function drawLine(watched: Watched): Progress {
  const { stream } = watched;
  const observe = observer(watched);
  let bars: MultiBar | undefined;
  let stopped = false;
  process.once('exit', stop); // a second Ctrl-C ends the process with the cursor still hidden
  void load();

  /** Imported beside the first fetches: start-up does not wait for it. */
  async function load(): Promise<void> {
    const { default: cliProgress } = await import('cli-progress');
    if (stopped) {
      return;
    }
    const drawn = new cliProgress.MultiBar({
      stream,
      fps: redrawsPerSecond,
      // One column stays free: in the last one, some terminals wrap. Own truncation instead of
      // theirs, which would cut logged lines as well.
      format: () => progressLine(observe(), (stream.columns || 80) - 1),
      linewrap: true,
      hideCursor: true,
      clearOnComplete: true,
      forceRedraw: true, // a logged line has taken the place of the line drawn before
    });
    for (const event of ['start', 'update-post']) {
      drawn.on(event, () => unrefTimer(drawn));
    }
    drawn.create(0, 0);
    bars = drawn;
  }

  return {
    log(line) {
      if (bars === undefined) {
        stream.write(`${line}\n`);
      } else {
        bars.log(`${line}\n`); // written at the next redraw
      }
    },
    stop,
  };

  function stop(): void {
    process.off('exit', stop);
    stopped = true;
    bars?.update(); // lines logged since the last redraw
    bars?.stop();
    bars = undefined;
  }
}

/** Its timer, which cli-progress sets anew for each redraw, must not keep the process alive. */
function unrefTimer(bars: MultiBar): void {
  if ('timer' in bars && bars.timer instanceof Object && 'unref' in bars.timer) {
    const { timer } = bars;
    if (typeof timer.unref === 'function') {
      timer.unref();
    }
  }
}

function writeLines(watched: Watched): Progress {
  const { stream } = watched;
  const observe = observer(watched);
  const log = (line: string): void => {
    stream.write(`${line}\n`);
  };
  const timer = setInterval(() => log(progressText(observe())), plainIntervalMs).unref();
  return { log, stop: () => clearInterval(timer) };
}

/** Adds to the counts what takes looking at the clock. */
function observer({ stats, failed, total }: Watched): () => ProgressState {
  const startedAt = performance.now();
  const rateOf = recentRate(startedAt);
  return () => {
    const now = performance.now();
    const current = stats();
    return {
      stats: current,
      failed: failed(),
      total: total() ?? (current.sourceEnded ? current.read : undefined),
      rate: rateOf(current.finished, now),
      elapsedMs: now - startedAt,
    };
  };
}

/** The growth of a count per second, over the last few seconds. */
function recentRate(startedAt: Milliseconds): (count: number, now: Milliseconds) => PerSecond {
  const seen = [{ count: 0, at: startedAt }];
  return (count, now) => {
    seen.push({ count, at: now });
    while (seen.length > 2 && seen[1]!.at <= now - smoothingMs) {
      seen.shift();
    }
    const { count: before, at } = seen[0]!;
    return now > at ? ((count - before) * 1000) / (now - at) : 0;
  };
}
