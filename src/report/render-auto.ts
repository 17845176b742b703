import type { AutoConcurrency } from '../model/stats.ts';
import { alignColumns, formatCount, formatRate } from './format.ts';
import { clip, printable } from './printable.ts';

const shownHosts = 5;

/** What `--concurrency auto` has come to, a line for each of the busiest hosts; none for a number. */
export function renderAuto(
  concurrency: number | AutoConcurrency,
  screen: { readonly width: number },
): string[] {
  if (typeof concurrency === 'number' || concurrency.hosts.length === 0) {
    return [];
  }
  const rows = concurrency.hosts
    .slice(0, shownHosts)
    .map(({ host, limit, most, rate }) => [
      `${formatCount(limit)} at once`,
      `(most ${formatCount(most)})`,
      rate === undefined ? '' : `${formatRate(rate)}/s`,
      printable(host),
    ]);
  const lines = alignColumns(rows, '>>><').map((line) => clip(`  ${line}`, screen.width));
  return ['concurrency auto', ...lines];
}
