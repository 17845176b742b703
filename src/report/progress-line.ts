import type { EngineStats } from '../model/stats.ts';
import type { Milliseconds, PerSecond } from '../model/units.ts';
import { bar, formatClock, formatCount, formatRate, formatShare, plural } from './format.ts';
import { clip } from './printable.ts';

/**
 * The state of a run in one line of at most `columns`. With a known total it has a percentage, a bar
 * where there is room, and the time left; without, a sign of life and the time gone by: no guesses.
 */
export function progressLine(state: ProgressState, columns: number): string {
  const { stats, total } = state;
  if (total === undefined) {
    const frame = spinner[Math.floor(state.elapsedMs / 100) % spinner.length]!;
    return clip(`${frame} ${progressText(state)}`, columns);
  }
  const text = progressText(state);
  const room = Math.min(longestBar, columns - text.length - 1);
  if (room < shortestBar) {
    return clip(text, columns);
  }
  return `${bar(doneShare(stats.finished, total), room).padEnd(room, '░')} ${text}`;
}

/** The same for a log: no bar, no spinner, no limit. */
export function progressText(state: ProgressState): string {
  const { stats, total, rate } = state;
  const done = formatCount(stats.finished);
  const parts = [
    total === undefined
      ? `${done} done`
      : `${done}/${formatCount(total)} ${formatShare(doneShare(stats.finished, total))}`,
    `${formatRate(rate)}/s`,
    stats.limit === undefined
      ? `${formatCount(stats.inFlight)} in flight`
      : `${formatCount(stats.inFlight)} of ${formatCount(stats.limit)} in flight`,
    stats.transforming !== undefined &&
      stats.transforming > 0 &&
      `${formatCount(stats.transforming)} in the transforms`,
    state.failed > 0 && `${formatCount(state.failed)} failed`,
    stats.retries > 0 && plural(stats.retries, 'retry', 'retries'),
    time(state),
  ];
  return parts.filter((part) => part !== false).join(' · ');
}

/** What the line says. */
export interface ProgressState {
  readonly stats: EngineStats;
  /** Tasks that failed. */
  readonly failed: number;
  /** How many tasks there are, once that is known. */
  readonly total: number | undefined;
  /** Tasks finished per second of late. */
  readonly rate: PerSecond;
  readonly elapsedMs: Milliseconds;
}

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const longestBar = 40;
/** Below this a bar shows less than the percentage beside it. */
const shortestBar = 8;

function time({ stats, total, rate, elapsedMs }: ProgressState): string | false {
  if (total === undefined) {
    return `${formatClock(elapsedMs)} elapsed`;
  }
  return rate > 0 && `${formatClock(((total - stats.finished) / rate) * 1000)} left`;
}

function doneShare(done: number, total: number): number {
  return total > 0 ? done / total : 1;
}
