import net, { type LookupFunction } from 'node:net';
import type { Connect } from './endpoint.ts';
import type { LookupFor } from './pins.ts';
import { isPublicAddress } from './public-address.ts';

/** `--deny-private`: the server has no address that may be connected to. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
  readonly failureCode = 'PRIVATE_ADDRESS';
}

/**
 * Looks names up as `lookupFor` does, and gives of their addresses the public ones only. A socket goes
 * to no others, for it takes what its lookup says: a name that changes its mind (DNS rebinding) is
 * checked with each answer.
 */
export function publicLookups(lookupFor: LookupFor): LookupFor {
  return (hostname, port) => publicOnly(lookupFor(hostname, port));
}

/** Connects as `connect` does, but not to an address that stands in the URL itself and is not public. */
export function denyLiterals(connect: Connect): Connect {
  return (endpoint, events) => {
    const { hostname } = endpoint;
    if (net.isIP(hostname) === 0 || isPublicAddress(hostname)) {
      return connect(endpoint, events);
    }
    const socket = new net.Socket();
    socket.on('error', (error) => events.onError(error));
    socket.once('close', () => events.onClose());
    return socket.destroy(new PrivateAddressError('its address is not public'));
  };
}

function publicOnly(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      const addresses = typeof found === 'string' ? [] : found; // never a text: all are asked for
      const open = addresses.filter(({ address }) => isPublicAddress(address));
      const [first] = open;
      if (error !== null) {
        callback(error, []);
      } else if (first === undefined) {
        const all = addresses.map(({ address }) => address).join(', ');
        callback(new PrivateAddressError(`${hostname} is at ${all}, which is not public`), []);
      } else if (options.all === true) {
        callback(null, open);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}
