import net, { type LookupFunction } from 'node:net';
import type { Pins } from '../../model/options/connection-forms.ts';
import { cachingLookup } from './lookup.ts';

/** How the name of a host is looked up for a connection to that port. */
export type LookupFor = (hostname: string, port: number) => LookupFunction;

/** What is pinned for a host and port, or for any host and that port, comes before `lookup`. */
export function pinnedLookups(pins: Pins | undefined, lookup: LookupFunction): LookupFor {
  if (pins === undefined || pins.size === 0) {
    return () => lookup;
  }
  const pinned = new Map<string, LookupFunction>();
  for (const [key, addresses] of pins) {
    pinned.set(key, lookupOf(addresses));
  }
  return (hostname, port) =>
    pinned.get(`${hostname.toLowerCase()}:${port}`) ?? pinned.get(`*:${port}`) ?? lookup;
}

/** The addresses of the IP version that is asked for; without one, the name is not found. */
function lookupOf(addresses: readonly string[]): LookupFunction {
  const known = addresses.map((address) => ({ address, family: net.isIP(address) }));
  return cachingLookup((_hostname, family, done) => {
    done(
      null,
      known.filter((one) => family === 0 || one.family === family),
    );
  });
}
