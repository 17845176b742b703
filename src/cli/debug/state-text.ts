import type { HostState, RunState } from '../../model/run-state.ts';
import type { Milliseconds } from '../../model/units.ts';
import { alignColumns, formatCount, formatDuration, formatRate, plural } from '../../report/format.ts';

/** What a state does not tell. */
export interface StateFigures {
  readonly failed: number;
  readonly elapsedMs: Milliseconds;
}

/** How a run stands, for a person: some lines. */
export function stateText(state: RunState, figures: StateFigures): string {
  return [
    `bulkfetch: ${doneText(state, figures)}`,
    `  ${underWayText(state)}`,
    ...stagesText(state).map((line) => `  ${line}`),
    ...hostLines(state),
    ...oldestLines(state),
  ].join('\n');
}

/** The same of a moment in one line: how far, how fast, and what waits. */
export function sampleText(
  state: RunState,
  { failed }: Pick<StateFigures, 'failed'>,
  perSecond: number,
): string {
  const parts = [
    finishedText(state),
    failed > 0 && `${formatCount(failed)} failed`,
    `${formatRate(perSecond)}/s`,
  ];
  return [...parts, underWayText(state), ...stagesText(state)].filter((part) => part !== false).join(', ');
}

function doneText(state: RunState, { failed, elapsedMs }: StateFigures): string {
  const rate = elapsedMs > 0 ? (state.finished * 1000) / elapsedMs : 0;
  const failures = failed > 0 ? ` (${formatCount(failed)} failed)` : '';
  const speed = `${formatDuration(elapsedMs)}, ${formatRate(rate)}/s`;
  return `${finishedText(state)}${failures} in ${speed}`;
}

function finishedText({ finished, read, sourceEnded }: RunState): string {
  const done = formatCount(finished);
  return sourceEnded ? `${done} of ${formatCount(read)} done` : `${done} done, ${formatCount(read)} read`;
}

function underWayText(state: RunState): string {
  const { inFlight, limit, waiting, between, transforming = 0, retries, sockets } = state;
  const most = limit === undefined ? '' : ` of ${formatCount(limit)}`;
  return [
    `${formatCount(inFlight)}${most} in flight`,
    `${formatCount(waiting)} waiting${between > 0 ? ` (${formatCount(between)} for another attempt)` : ''}`,
    transforming > 0 && `${formatCount(transforming)} in the transforms`,
    retries > 0 && plural(retries, 'retry', 'retries'),
    plural(sockets, 'connection'),
  ]
    .filter((part) => part !== false)
    .join(', ');
}

/** What is not as it should be in a run that goes well. */
function stagesText(state: RunState): string[] {
  const { sinkIsBehind, sourceWaits, sourceEnded, waiting, inFlight, transforming = 0 } = state;
  const isHungry = !sourceEnded && !sourceWaits && waiting + inFlight + transforming === 0;
  const behind =
    transforming > 0
      ? 'the transforms or the output are behind: nothing starts until they have caught up'
      : 'the output is behind: nothing starts until it has caught up';
  return [
    ...(sinkIsBehind ? [behind] : []),
    ...(sourceWaits ? ['the queue is full: the source waits'] : []),
    ...(isHungry ? ['the source is awaited: nothing else is to do'] : []),
  ];
}

function hostLines({ hosts, busiest }: RunState): string[] {
  if (hosts === 0) {
    return [];
  }
  const title = hosts > busiest.length ? `busiest of ${formatCount(hosts)} hosts` : 'host';
  const rows = busiest.map((host) => [host.origin, ...hostCells(host)]);
  const head = [title, 'in flight', 'lanes', 'waiting', ''];
  return alignColumns([head, ...rows], '<>>><').map((line) => `  ${line}`);
}

function hostCells({ inFlight, limit, lanes, waiting, pausedMs }: HostState): string[] {
  return [
    limit === undefined ? formatCount(inFlight) : `${formatCount(inFlight)}/${formatCount(limit)}`,
    formatCount(lanes),
    formatCount(waiting),
    pausedMs > 0 ? `held back for ${formatDuration(pausedMs)}` : '',
  ];
}

const awaited = {
  dns: 'address',
  connect: 'connection',
  tls: 'TLS handshake',
  request: 'answer',
  response: 'rest of the answer',
} as const;

function oldestLines({ oldest }: RunState): string[] {
  if (oldest.length === 0) {
    return [];
  }
  const rows = oldest.map(({ id, url, attempt, forMs, phase }) => [
    id,
    formatDuration(forMs),
    String(attempt),
    awaited[phase],
    url,
  ]);
  const head = ['oldest in flight', 'for', 'attempt', 'awaits', ''];
  return alignColumns([head, ...rows], '<>><<').map((line) => `  ${line}`);
}
