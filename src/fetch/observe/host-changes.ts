import type { RunEvent } from '../../model/observer.ts';
import type { Milliseconds, PerSecond } from '../../model/units.ts';
import type { Host } from '../host.ts';

/** How a host stood before an exchange with it ended. */
export interface HostBefore {
  readonly host: Host;
  readonly pausedUntil: Milliseconds;
  readonly mostActive: number;
  readonly pauses: number;
  readonly isDown: boolean;
  readonly rate: PerSecond | undefined;
}

/** Rates grow all the time, and all that was in flight asks for the same pause: what differs by less is not told. */
const worthTelling = 0.1;

/** To be compared with how it stands afterwards. */
export function hostBefore(host: Host): HostBefore {
  return {
    host,
    pausedUntil: host.pausedUntil,
    mostActive: host.mostActive,
    pauses: host.breaker?.pauses ?? 0,
    isDown: host.breaker?.isDown ?? false,
    rate: host.learnedPace?.rate,
  };
}

/** What the end of an exchange has changed for its host; `trouble` is what was wrong with it, if anything. */
export function hostChanges(
  before: HostBefore,
  toldRate: PerSecond | undefined,
  trouble: string | undefined,
  at: Milliseconds,
): RunEvent[] {
  const { host } = before;
  const { origin, breaker } = host;
  const cause = trouble ?? 'search';
  const events: RunEvent[] = [];
  const forMs = host.pausedUntil - at;
  const addedMs = host.pausedUntil - Math.max(at, before.pausedUntil);
  if (addedMs > 0 && addedMs >= worthTelling * forMs) {
    events.push({ event: 'host-paused', at, origin, forMs, cause: trouble ?? 'its rate limit is spent' });
  }
  if (breaker !== undefined && breaker.pauses > before.pauses) {
    events.push({ event: 'host-paused', at, origin, forMs: breaker.wait(at), cause: `--breaker: ${cause}` });
  }
  if (breaker?.isDown === true && !before.isDown) {
    events.push({ event: 'host-down', at, origin, cause });
  }
  if (host.mostActive !== before.mostActive) {
    events.push({ event: 'limit', at, origin, from: before.mostActive, to: host.mostActive, cause });
  }
  const rate = host.learnedPace?.rate;
  const from = toldRate ?? before.rate;
  if (rate !== undefined && (from === undefined || Math.abs(rate / from - 1) >= worthTelling)) {
    events.push({ event: 'rate', at, origin, ...(from !== undefined && { from }), to: rate, cause });
  }
  return events;
}
