import net from 'node:net';
import type { Pins } from '../../model/options/connection-forms.ts';
import type { Connect, Endpoint, SocketEvents } from './endpoint.ts';
import { denyLiterals, publicLookups } from './deny-private.ts';
import { cachingLookup, type Resolve } from './lookup.ts';
import { pinnedLookups, type LookupFor } from './pins.ts';
import { connectThrough, type ProxyDialing } from './proxy/through.ts';
import { TlsClient, type TlsSettings } from './tls.ts';

export type { Connect, Endpoint, SocketEvents } from './endpoint.ts';

/** How sockets are made. */
export interface ConnectorSettings extends TlsSettings {
  /** Replaces the system's resolver. */
  readonly resolver?: Resolve | undefined;
  /** Addresses by `host:port` that come before what is resolved. */
  readonly pins?: Pins | undefined;
  /** Addresses of that IP version only. */
  readonly family?: 4 | 6 | undefined;
  /** Connect to public addresses only; a proxy itself may be anywhere. */
  readonly denyPrivate?: boolean | undefined;
}

/** What connections to servers have in common, or those to proxies. */
interface Peers {
  readonly lookupFor: LookupFor;
  readonly tlsClient: TlsClient;
}

/** Longest read. Every socket reads into the same memory, because each read is parsed before the next. */
const readSize = 64 * 1024;

/**
 * Makes sockets; `node:tls`, 12 ms of start-up, is loaded with the first that needs it. Reads do not
 * go through streams: Node's `onread` option hands each over in one buffer that is used again, instead
 * of allocating 64 KiB a read. Saves 3 us of 17 a fetch.
 */
export function createConnector(settings: ConnectorSettings): Connect {
  const lookupFor = pinnedLookups(settings.pins, cachingLookup(settings.resolver));
  const memory = Buffer.allocUnsafeSlow(readSize);
  const family = settings.family === undefined ? {} : { family: settings.family };

  function open(
    endpoint: Endpoint,
    events: SocketEvents,
    { lookupFor, tlsClient }: Peers,
    isShared: boolean,
  ): net.Socket {
    const { isSecure, hostname, port } = endpoint;
    const onread = {
      buffer: memory,
      callback: (length: number): boolean => {
        events.onBytes(memory.subarray(0, length));
        return true; // go on reading
      },
    };
    const tcp = {
      host: hostname,
      port,
      lookup: lookupFor(hostname, port),
      noDelay: true,
      keepAlive: true,
      ...family,
      ...(isShared && { onread }),
    };
    const socket = isSecure
      ? process.getBuiltinModule('node:tls').connect({ ...tcp, ...tlsClient.options(endpoint) })
      : net.connect(tcp);
    socket.once('lookup', (error: Error | null) => error === null && events.onLookup());
    socket.once('connect', () => events.onTcp());
    if (isSecure) {
      socket.once('secureConnect', () => events.onSecure());
      tlsClient.keepSessions(socket, endpoint);
    }
    socket.once(isSecure ? 'secureConnect' : 'connect', () => events.onReady(socket));
    socket.on('error', (error) => events.onError(error));
    socket.once('close', () => events.onClose());
    return socket;
  }

  const servers: Peers = {
    lookupFor: settings.denyPrivate === true ? publicLookups(lookupFor) : lookupFor,
    tlsClient: new TlsClient(settings),
  };
  /** A proxy is shown no certificate of ours, and `--insecure` is about servers. */
  const proxies: Peers = { lookupFor, tlsClient: new TlsClient({ insecure: false, ca: settings.ca }) };
  const dialing: ProxyDialing = {
    ...servers,
    open: (proxy, events, reading) => open(proxy, events, proxies, reading === 'shared'),
    family: settings.family,
  };

  const connect: Connect = (endpoint, events) =>
    endpoint.proxy === undefined
      ? open(endpoint, events, servers, true)
      : connectThrough(endpoint.proxy, endpoint, events, dialing);
  return settings.denyPrivate === true ? denyLiterals(connect) : connect;
}
