import type { Milliseconds } from '../model/units.ts';
import {
  alignColumns,
  bar,
  formatBytes,
  formatCount,
  formatDuration,
  formatDurations,
  formatRate,
  formatShare,
  plural,
} from './format.ts';
import { paint } from './paint.ts';
import { clip, printable } from './printable.ts';
import { renderAuto } from './render-auto.ts';
import { renderDatabases } from './render-databases.ts';
import { renderFlow } from './render-flow.ts';
import { renderTransforms } from './render-transforms.ts';
import { renderTripped } from './render-tripped.ts';
import { slotsOf } from './ideal.ts';
import { ranges } from './ranges.ts';
import type { SpeedFigures, SummaryReport } from './report.ts';

/** A report as text for a person, ending in a newline. What comes from outside is escaped. */
export function renderReport(report: SummaryReport, screen: Screen): string {
  const blocks = [
    [...outcome(report, screen), ...failures(report, screen)],
    latency(report, screen),
    slowest(report, screen),
    renderAuto(report.concurrency, screen),
    renderTripped(report.tripped ?? [], screen),
    [
      ...renderTransforms(report.transforms, report.elapsedMs),
      ...renderDatabases(report.databases ?? [], screen),
      ...flow(report),
    ],
    report.comparison === undefined ? [] : comparison(report.comparison, report, screen),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

/** What it is shown on. */
export interface Screen {
  /** Columns. */
  readonly width: number;
  /** May use ANSI colours: a terminal, and no NO_COLOR. */
  readonly color: boolean;
}

/** With fewer tasks, a distribution or an outlier means nothing. */
const enough = 10;
const enoughMs: Milliseconds = 100;
const longestBar = 40;
const shownCauses = 8;
const shownSlow = 5;

function outcome(report: SummaryReport, screen: Screen): string[] {
  const { tasks, pages, elapsedMs, interrupted } = report;
  const ended = interrupted ? `${paint('interrupted', 'yellow', screen)} after` : 'in';
  const parts = [
    paint(`${formatCount(tasks.ok)} ok`, tasks.ok > 0 ? 'green' : 'none', screen),
    paint(`${formatCount(tasks.failed)} failed`, tasks.failed > 0 ? 'red' : 'none', screen),
    tasks.sent < tasks.total && `${formatCount(tasks.total - tasks.sent)} never sent`,
    pages !== undefined && plural(pages.total, 'page'),
    pages !== undefined && pages.cutOff > 0 && `${formatCount(pages.cutOff)} with pages left`,
    tasks.sent > 0 && `${formatRate(report.requestsPerSecond)} requests/s`,
    report.retries > 0 && plural(report.retries, 'retry', 'retries'),
    report.bytes > 0 && formatBytes(report.bytes),
  ];
  const counts = parts.filter((part) => part !== false).join(' · ');
  const statuses = Object.entries(report.statuses).map(
    ([status, count]) => `${status} × ${formatCount(count)}`,
  );
  return [
    `${plural(tasks.total, 'task')} ${ended} ${formatDuration(elapsedMs)}: ${counts}`,
    ...(statuses.length > 0 ? [clip(`status     ${statuses.join(' · ')}`, screen.width)] : []),
  ];
}

function failures(report: SummaryReport, screen: Screen): string[] {
  const shown = report.failures.slice(0, shownCauses);
  const rows = shown.map((group) => [
    `${formatCount(group.count)} ×`,
    group.kind,
    group.code,
    `${printable(group.example.message)} (${nameTask(group.example)})`,
  ]);
  const rest = report.failures.slice(shownCauses);
  const restCount = rest.reduce((sum, group) => sum + group.count, 0);
  const more = `${formatCount(restCount)} failed for ${plural(rest.length, 'more cause')}`;
  return [
    ...alignColumns(rows, '><<<').map((line) => clip(`  ${line}`, screen.width)),
    ...(rest.length > 0 ? [`  ${more}`] : []),
  ];
}

function latency(report: SummaryReport, screen: Screen): string[] {
  const { latencyMs, histogram } = report;
  if (latencyMs === undefined) {
    return [];
  }
  const { p50, p90, p99, max } = latencyMs;
  const figures = Object.entries({ p50, p90, p99, max }).map(
    ([name, ms]) => `${name} ${paint(formatDuration(ms), 'bold', screen)}`,
  );
  const line = `latency    ${figures.join(' · ')}`;
  const measured = countMeasured(report);
  if (measured < enough) {
    return [line];
  }
  const found = ranges(histogram, latencyMs, 10);
  const labels = alignColumns(
    found.map(({ label, count }) => [label, formatCount(count), formatShare(count / measured)]),
    '>>>',
  );
  const most = Math.max(...found.map(({ count }) => count));
  const width = barWidth(labels, screen);
  const bars = found.map(({ count }) => paint(bar(count / most, width), 'cyan', screen));
  return [line, ...labels.map((label, row) => `  ${label}  ${bars[row]!}`.trimEnd())];
}

/** How many tasks, or pages of them, have a latency. */
function countMeasured({ histogram }: SummaryReport): number {
  return histogram.reduce((sum, { count }) => sum + count, 0);
}

/** Those that took more than twice as long as the one in the middle. */
function slowest(report: SummaryReport, screen: Screen): string[] {
  const { latencyMs } = report;
  if (latencyMs === undefined || countMeasured(report) < enough) {
    return [];
  }
  const slow = report.slowest.slice(0, shownSlow).filter(({ ms }) => ms > 2 * latencyMs.p50);
  const rows = slow.map((task) => [formatDuration(task.ms), nameTask(task)]);
  const lines = alignColumns(rows, '><').map((line) => clip(`  ${line}`, screen.width));
  return slow.length === 0 ? [] : ['slowest', ...lines];
}

function comparison(speed: SpeedFigures, report: SummaryReport, screen: Screen): string[] {
  const { sequentialMs, elapsedMs, idealMs, shareOfIdeal } = speed;
  const isSequential = report.tasks.sent < 2 || slotsOf(report.concurrency) < 2;
  if (isSequential || idealMs === undefined || shareOfIdeal === undefined) {
    return []; // one after the other is what was done, or limits and not the concurrency set the pace
  }
  const [sequential, elapsed, ideal] = formatDurations([sequentialMs, elapsedMs, idealMs]);
  const labels = alignColumns(
    [
      ['one after the other', sequential!],
      [`${formatCount(slotsOf(report.concurrency))} at once`, elapsed!],
    ],
    '<>',
  );
  const width = barWidth(labels, screen);
  const longest = Math.max(sequentialMs, elapsedMs);
  const speedup = paint(`${formatRate(speed.speedup)}x`, 'bold', screen);
  return [
    `${labels[0]!}  ${bar(sequentialMs / longest, width)}`,
    `${labels[1]!}  ${paint(bar(elapsedMs / longest, width), 'green', screen)}`,
    `speed-up ${speedup}, ${formatShare(shareOfIdeal)} of the ideal ${ideal!}`,
  ];
}

/** Not for a handful of tasks, nor for so short a time that nothing waited. */
function flow({ flow, concurrency, tasks, transforms }: SummaryReport): string[] {
  return tasks.sent >= enough && flow !== undefined && flow.sampledMs >= enoughMs
    ? renderFlow(flow, slotsOf(concurrency), transforms === undefined ? 'sink' : 'transforms and sink')
    : [];
}

/** What is left of the line beside a label, at most `longestBar`. */
function barWidth(labels: readonly string[], screen: Screen): number {
  return Math.max(1, Math.min(longestBar, screen.width - 4 - labels[0]!.length));
}

/** A task by its URL, and by its id where that says more than the index. */
function nameTask(task: { readonly index: number; readonly id: string; readonly url: string }): string {
  const name = printable(task.url);
  return task.id === String(task.index) ? name : `${name}, id ${printable(task.id)}`;
}
