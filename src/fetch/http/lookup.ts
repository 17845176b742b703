import dns from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { Milliseconds } from '../../model/units.ts';

type Answer = { readonly addresses: dns.LookupAddress[]; readonly until: Milliseconds };
type Waiter = (error: NodeJS.ErrnoException | null, addresses: dns.LookupAddress[]) => void;

/** The system's resolver in its all-addresses form; replaced in tests. */
export type Resolve = (hostname: string, family: number, done: Waiter) => void;

/** getaddrinfo hides the records' own lifetimes; half a minute is what browsers assume (Firefox 60 s, Chromium 60 s, halved). */
const lifetimeMs = 30_000;
const mostEntries = 10_000;

/**
 * A `lookup` for sockets that asks the resolver once per host and half minute, however many lanes
 * want the answer at the same time. Failures are not kept: whether to ask again is for retry to say.
 */
export function cachingLookup(resolve: Resolve = systemResolve): LookupFunction {
  const answers = new Map<string, Answer>();
  const pending = new Map<string, Waiter[]>();

  function ask(key: string, hostname: string, family: number, waiter: Waiter): void {
    const waiters = pending.get(key);
    if (waiters !== undefined) {
      waiters.push(waiter);
      return;
    }
    pending.set(key, [waiter]);
    resolve(hostname, family, (failed, addresses) => {
      const error = failed ?? (addresses.length === 0 ? noAddress(hostname) : null);
      if (error === null) {
        remember(answers, key, { addresses, until: performance.now() + lifetimeMs });
      }
      // Never before net.connect has returned: its caller attaches listeners first.
      process.nextTick(() => {
        const all = pending.get(key) ?? [];
        pending.delete(key);
        for (const one of all) {
          one(error, addresses);
        }
      });
    });
  }

  return (hostname, options, callback) => {
    const family = familyOf(options.family);
    const key = `${family} ${hostname}`;
    const answer = answers.get(key);
    const reply: Waiter = (error, addresses) => {
      if (error !== null) {
        callback(error, []);
      } else if (options.all === true) {
        callback(null, addresses);
      } else {
        callback(null, addresses[0]!.address, addresses[0]!.family);
      }
    };
    if (answer !== undefined && answer.until > performance.now()) {
      process.nextTick(reply, null, answer.addresses);
    } else {
      ask(key, hostname, family, reply);
    }
  };
}

/** Keeps the map small for lists of very many hosts: the oldest answer makes room. */
function remember(answers: Map<string, Answer>, key: string, answer: Answer): void {
  answers.delete(key);
  if (answers.size >= mostEntries) {
    answers.delete(answers.keys().next().value!);
  }
  answers.set(key, answer);
}

function noAddress(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' });
}

function familyOf(family: number | 'IPv4' | 'IPv6' | undefined): number {
  return family === 'IPv4' || family === 4 ? 4 : family === 'IPv6' || family === 6 ? 6 : 0;
}

const systemResolve: Resolve = (hostname, family, done) => {
  dns.lookup(hostname, { all: true, family }, (error, addresses) => done(error, addresses));
};
