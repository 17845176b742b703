import type { FlowFigures } from '../model/flow.ts';
import { bar, formatCount, formatShare } from './format.ts';

/** Cells of a bar that is full. */
const cells = 10;

/**
 * The stages as a line that is read at a glance: how much of the time each was at work. The one that
 * always was is what the others wait for; the second line says so in words.
 */
export function renderFlow(flow: FlowFigures | undefined, lanes: number, last = 'sink'): string[] {
  if (flow === undefined) {
    return [];
  }
  const { sampledMs, lanes: times } = flow;
  const stages = [
    stage('source', flow.sourceReadMs / sampledMs),
    stage(lanes === 1 ? '1 lane' : `${formatCount(lanes)} lanes`, times.busyMs / sampledMs),
    stage(last, 1 - flow.sinkWaitedMs / sampledMs),
  ];
  return [`at work    ${stages.join(' → ')}`, `           ${sentence(flow)}`];
}

function stage(name: string, share: number): string {
  const clipped = Math.min(1, Math.max(0, share));
  return `${name} ${bar(clipped, cells).padEnd(cells, '·')} ${formatShare(clipped)}`;
}

function sentence({ bottleneck, lanes, sampledMs, utilization }: FlowFigures): string {
  const share = (ms: number) => formatShare(ms / sampledMs);
  switch (bottleneck) {
    case 'server':
      return 'The server sets the pace.';
    case 'client':
      return `This process sets the pace: its core was busy ${formatShare(utilization)} of the time.`;
    case 'source':
      return `The source sets the pace: lanes were idle ${share(lanes.waitedForSourceMs)} of the time for want of tasks.`;
    case 'sink':
      return `The sink sets the pace: lanes were idle ${share(lanes.waitedForSinkMs)} of the time because it was behind.`;
    case 'transforms':
      return 'Transforms set the pace: more cores, or --transform-workers, would make it faster.';
    case 'limits':
      return `Limits set the pace: lanes were idle ${share(lanes.heldBackMs)} of the time for rates, hosts or retries.`;
    default:
      return bottleneck satisfies never;
  }
}
