import type { Failure } from '../../model/failure.ts';
import type { ExchangeEnded, OfTask, Phases } from '../../model/observer.ts';
import { ofTask } from '../../model/of-task.ts';
import type { Milliseconds } from '../../model/units.ts';
import type { ExchangeClock } from '../clock.ts';
import type { Job } from '../job.ts';
import type { Lane } from '../lane.ts';

/** The exchange that ends now on a lane, which still has its job. */
export function exchangeEnded(
  lane: Lane,
  job: Job,
  number: number,
  reason: Failure | undefined,
  at: Milliseconds,
): ExchangeEnded {
  return {
    event: 'exchange',
    at,
    lane: number,
    ...ofJob(job),
    method: job.request.method,
    url: job.url,
    attempt: job.attempts,
    hops: job.hops,
    startedAt: lane.clock.startedAt,
    phases: phasesOf(lane.clock, at),
    ...(lane.status !== 0 && { status: lane.status }),
    ...(reason !== undefined && { failure: reason }),
    bytes: lane.received,
    reused: lane.reused,
  };
}

/** Which task a job belongs to. */
export function ofJob({ task, page }: Job): OfTask {
  const { index, id = String(index) } = task;
  return ofTask({ index, id, page });
}

/** Those of this exchange alone, whatever was before it. */
function phasesOf(clock: ExchangeClock, now: Milliseconds): Phases {
  const { queue, dns, connect, tls, firstByte: wait, download } = clock.timing(now, clock.startedAt);
  return {
    queue,
    ...(dns !== undefined && { dns }),
    ...(connect !== undefined && { connect }),
    ...(tls !== undefined && { tls }),
    ...(wait !== undefined && { wait }),
    ...(download !== undefined && { download }),
  };
}
