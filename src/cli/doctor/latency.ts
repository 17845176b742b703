import type { ExchangeEnded, Phases } from '../../model/observer.ts';
import type { Milliseconds } from '../../model/units.ts';
import type { Evidence } from './evidence.ts';

/** The phases in their order. */
export const phaseNames = [
  'dns',
  'connect',
  'tls',
  'wait',
  'download',
] as const satisfies readonly (keyof Phases)[];

/** One of them. */
export type PhaseName = (typeof phaseNames)[number];

/** How long a request of many takes on a connection that is open: the middle one of those that were alike. */
export function latencyOf({ first, again, codings }: Evidence): Milliseconds {
  const alike = [first, again, ...codings.values()].filter(
    (visit) => visit?.record.status === first.record.status && visit?.request.method === first.request.method,
  );
  const times = alike.flatMap((visit) => visit?.exchanges.slice(-1) ?? []).map(ownTime);
  return times.toSorted((a, b) => a - b)[Math.floor((times.length - 1) / 2)] ?? 0;
}

/**
 * The phases of the first request's last exchange; where a redirect before it has opened the connection
 * that it went over, with those of the opening.
 */
export function phasesOf({ first, target }: Evidence): Partial<Phases> {
  const last = first.exchanges.at(-1);
  const opening = first.exchanges.findLast(
    ({ url, phases }) => phases.connect !== undefined && new URL(url).origin === target.origin,
  );
  const { dns, connect, tls } = opening?.phases ?? {};
  return {
    ...(dns !== undefined && { dns }),
    ...(connect !== undefined && { connect }),
    ...(tls !== undefined && { tls }),
    ...last?.phases,
  };
}

/** What each request costs more when none finds an open connection. */
export function connectingTime(evidence: Evidence): Milliseconds {
  const { dns = 0, connect = 0, tls = 0 } = phasesOf(evidence);
  return dns + connect + tls;
}

/** The phase in which an exchange ended; undefined: it had not begun any. */
export function lastPhase(exchange: ExchangeEnded | undefined): PhaseName | undefined {
  return phaseNames.findLast((phase) => exchange?.phases[phase] !== undefined);
}

function ownTime({ phases: { wait = 0, download = 0 } }: ExchangeEnded): Milliseconds {
  return wait + download;
}
