import type { Bytes, Milliseconds, PerSecond } from '../model/units.ts';

/** `1,234,567`. Not `toLocaleString`, so that no machine's language changes the output. */
export function formatCount(count: number): string {
  const [whole, fraction] = String(count).split('.');
  const grouped = whole!.replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** `1 task`, `2 tasks`, `2 retries`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `0.35 ms`, `42.1 ms`, `812 ms`, `2.03 s`, `3 m 12 s`, `2 h 5 m`. */
export function formatDuration(ms: Milliseconds): string {
  if (ms < 999.5) {
    return `${ms.toFixed(ms < 9.995 ? 2 : ms < 99.95 ? 1 : 0)} ms`;
  }
  if (ms < 59_995) {
    return `${(ms / 1000).toFixed(2)} s`;
  }
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
  }
  const minutes = Math.round(ms / 60_000);
  return `${formatCount(Math.floor(minutes / 60))} h ${minutes % 60} m`;
}

/**
 * Durations that are to be compared at a glance: all in seconds where the longest takes seconds and
 * the shortest would not vanish.
 */
export function formatDurations(durations: readonly Milliseconds[]): string[] {
  const longest = Math.max(...durations);
  const inSeconds = longest >= 999.5 && longest < 59_995 && Math.min(...durations) >= 95;
  return durations.map((ms) => (inSeconds ? `${(ms / 1000).toFixed(2)} s` : formatDuration(ms)));
}

/** A duration as a clock shows it: `0:07`, `12:05`, `1:02:03`. */
export function formatClock(ms: Milliseconds): string {
  const seconds = Math.round(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const twoDigits = (value: number) => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${twoDigits(m)}:${twoDigits(s)}` : `${m}:${twoDigits(s)}`;
}

/** `812 B`, `1.4 MiB`. */
export function formatBytes(bytes: Bytes): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1023.95 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${formatCount(Number(value.toFixed(unit === 0 ? 0 : 1)))} ${units[unit]}`;
}

/** `0.4`, `12.5`, `1,200`: as many decimals as tell something. */
export function formatRate(rate: PerSecond): string {
  return formatCount(Number(rate.toFixed(rate < 99.95 ? 1 : 0)));
}

/** `12 %`, `1.2 %`, `<0.1 %`. 100 % is only what is all of it. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) {
    return '<0.1 %';
  }
  if (percent < 9.95) {
    return `${Number(percent.toFixed(1))} %`;
  }
  return percent > 99 && percent < 100 ? '>99 %' : `${percent.toFixed(0)} %`;
}

/** A horizontal bar to an eighth of a column; whatever is more than nothing shows. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(Math.max(share, 0), 1) * width * 8);
  const shown = share > 0 ? Math.max(eighths, 1) : 0;
  return '█'.repeat(shown >> 3) + ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][shown & 7]!;
}

/** Rows of cells as lines, two spaces apart; `<` aligns a column left, `>` right. */
export function alignColumns(rows: readonly (readonly string[])[], alignment: string): string[] {
  const widths = Array.from(alignment, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        alignment[column] === '>' ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  );
}
