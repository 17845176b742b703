import { createConnector } from '../../fetch/http/connector.ts';
import { connectorSettings } from '../../fetch/http/connector-settings.ts';
import { Host } from '../../fetch/host.ts';
import { carryOver } from '../../fetch/policy/carry-over.ts';
import type { ResolvedOptions } from '../../model/options/options.ts';
import { proxyChoice } from '../../model/proxy/proxy-choice.ts';
import type { FetchRecord } from '../../model/record.ts';
import type { Task } from '../../model/task.ts';
import { longestTimer } from '../../model/units.ts';
import { isFailure, parseTarget } from '../../model/url.ts';
import type { RunSettings } from '../../run.ts';
import { addressesOf, notingResolver } from './addresses.ts';
import { askedToWait, mostRequests, robotsRedirects, type Evidence, type Visit } from './evidence.ts';
import { shakeHands, type Handshake } from './handshake.ts';
import { againProbe, codingProbes, rangeProbe, robotsProbe, type Probe } from './probes.ts';
import { Visits } from './visits.ts';

/**
 * Fetches the task, and asks its server a few things more where that may tell something: each a small
 * request by a safe method. Throws a `UsageError` for options that cannot be used.
 */
export async function examine(
  task: Task,
  options: ResolvedOptions,
  settings: Pick<RunSettings, 'env' | 'onWarning'>,
): Promise<Evidence> {
  const found = new Map<string, readonly string[]>();
  const resolver = notingResolver(found);
  const own = new Visits(options, { ...settings, resolver });
  const stranger = new Visits(asStranger(options), { ...settings, resolver });
  try {
    const redirects = Math.min(options.maxRedirs, mostRequests - 1);
    const first = await own.visit({ purpose: '', request: task.request }, task, redirects);
    const target = targetOf(first, task);
    const { endpoint } = new Host(target.origin, { proxyOf: proxyChoice(options, settings.env) });
    const look = (seen: ResolvedOptions) =>
      shakeHands(
        endpoint,
        createConnector({ ...connectorSettings(seen), resolver }),
        options.connectTimeout || longestTimer,
      );
    const handshake = endpoint.isSecure ? await handshakeAfter(first.record, options, look) : undefined;
    const { status = 0 } = first.record;
    const isWelcome = status > 0 && !askedToWait.has(status);
    const further = isWelcome ? await askFurther(first, task, target, { own, stranger }) : nothing;
    return {
      options,
      task,
      target,
      first,
      ...further,
      clients: [own.done, stranger.done],
      handshake,
      addresses: addressesOf(endpoint, options.resolve, found),
      proxy: endpoint.proxy?.name,
      now: Date.now(),
    };
  } finally {
    await own.close();
    await stranger.close();
  }
}

/** What is asked after the first request. */
type Further = Pick<Evidence, 'again' | 'range' | 'robots' | 'codings'>;

const nothing: Further = { codings: new Map() };

/** `stranger` shows nothing of what the user is to the host of the task, and so goes where redirects led away from it. */
async function askFurther(
  { record }: Visit,
  task: Task,
  target: Evidence['target'],
  { own, stranger }: { readonly own: Visits; readonly stranger: Visits },
): Promise<Further> {
  const isHome = target.origin === task.origin;
  const client = isHome ? own : stranger;
  const request = isHome ? task.request : carryOver(task.request, { staysHome: false, becomesGet: false });
  // A redirect is an answer here: what is asked about is where the first request has ended.
  const ask = async (from: Visits, at: Evidence['target'], probe: Probe | undefined, redirects = 0) => {
    const others = mostRequests - sent(own, stranger) - 1;
    return probe === undefined || others < 0 ? undefined : from.visit(probe, at, Math.min(redirects, others));
  };

  const again = await ask(client, target, againProbe(request, record));
  const range = await ask(client, target, rangeProbe(request, record));
  const robots = await ask(stranger, robotsOf(target.origin), robotsProbe(request), robotsRedirects);
  const codings = new Map<string, Visit>();
  for (const [coding, probe] of codingProbes(request, record)) {
    const visit = await ask(client, target, probe);
    if (visit !== undefined) {
      codings.set(coding, visit);
    }
  }
  return { again, range, robots, codings };
}

/** As anybody might ask: what the user is to one host is no business of another. */
function asStranger(options: ResolvedOptions): ResolvedOptions {
  const nobody = { user: undefined, bearer: undefined, tokenCommand: undefined, netrcFile: undefined };
  return { ...options, ...nobody, netrc: false, cookie: [] };
}

/** Where it ended: at the last hop, even if that one failed. */
function targetOf({ exchanges }: Visit, task: Task): Evidence['target'] {
  const target = parseTarget(exchanges.at(-1)?.url ?? task.url);
  return isFailure(target) ? task : target;
}

function sent(...clients: readonly Visits[]): number {
  return clients.flatMap(({ done }) => done).reduce((sum, { exchanges }) => sum + exchanges.length, 0);
}

/** A certificate that is refused can still be looked at; our own is not shown then. */
function handshakeAfter(
  { status, error }: FetchRecord,
  options: ResolvedOptions,
  look: (options: ResolvedOptions) => Promise<Handshake | undefined>,
): Promise<Handshake | undefined> | undefined {
  if (status !== undefined) {
    return look(options);
  }
  const nameless = { cert: undefined, key: undefined, pass: undefined };
  return error?.kind === 'tls' ? look({ ...options, ...nameless, insecure: true }) : undefined;
}

function robotsOf(origin: string): Evidence['target'] {
  return { url: `${origin}/robots.txt`, origin };
}
