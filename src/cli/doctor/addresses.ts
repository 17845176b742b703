import dns from 'node:dns';
import net from 'node:net';
import type { Resolve } from '../../fetch/http/lookup.ts';
import type { Endpoint } from '../../fetch/http/endpoint.ts';
import type { Pins } from '../../model/options/connection-forms.ts';

/** Addresses by host name, as they were found. */
export type Found = ReadonlyMap<string, readonly string[]>;

/** The system's resolver, which notes in `found` what it finds. */
export function notingResolver(found: Map<string, readonly string[]>): Resolve {
  return (hostname, family, done) => {
    dns.lookup(hostname, { all: true, family }, (error, addresses) => {
      if (error === null) {
        found.set(
          hostname,
          addresses.map(({ address }) => address),
        );
      }
      done(error, addresses);
    });
  };
}

/** The addresses of a server: what it is called by, what is pinned, or what was found. Empty: not known. */
export function addressesOf({ hostname, port }: Endpoint, pins: Pins, found: Found): readonly string[] {
  if (net.isIP(hostname) !== 0) {
    return [hostname];
  }
  return pins.get(`${hostname.toLowerCase()}:${port}`) ?? pins.get(`*:${port}`) ?? found.get(hostname) ?? [];
}
