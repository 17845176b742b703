import net from 'node:net';
import type { Proxy } from '../../../model/proxy/proxy.ts';
import { isForwarded, type Endpoint, type SocketEvents } from '../endpoint.ts';
import type { LookupFor } from '../pins.ts';
import type { TlsClient } from '../tls.ts';
import { httpConnect } from './http-connect.ts';
import { ProxyError } from './proxy-error.ts';
import { socks5 } from './socks5.ts';

/** What it takes to go through proxies. */
export interface ProxyDialing {
  /** Opens a socket to the proxy. One whose `reading` is a stream is read by us, and tells of no bytes. */
  readonly open: (proxy: Endpoint, events: SocketEvents, reading: 'shared' | 'stream') => net.Socket;
  /** For the names of servers that a proxy does not look up. */
  readonly lookupFor: LookupFor;
  readonly family?: 4 | 6 | undefined;
  /** TLS with servers. */
  readonly tlsClient: TlsClient;
}

/**
 * Opens the way to a server through a proxy, and TLS with the server inside it. Until that way is
 * open, errors are those of the proxy: a `ProxyError`. Returns the socket to the proxy, which takes
 * all that is inside with it when it is destroyed.
 */
export function connectThrough(
  proxy: Proxy,
  endpoint: Endpoint,
  events: SocketEvents,
  dialing: ProxyDialing,
): net.Socket {
  let isOpen = false;
  let hasFailed = false;
  let hasInner = false;

  const outer = dialing.open(
    endpointOf(proxy),
    {
      onLookup: () => events.onLookup(),
      onTcp() {},
      onSecure() {},
      onReady: () => (isForwarded(endpoint) ? openPlain() : void openTunnel()),
      onBytes: (bytes) => events.onBytes(bytes),
      onError: (error) =>
        isOpen ? events.onError(error) : fail(new ProxyError(proxy, 'PROXY_FAILED', error.message, error)),
      onClose() {
        if (!isOpen && !hasFailed) {
          fail(new ProxyError(proxy, 'PROXY_FAILED', 'it closed the connection'));
        }
        if (!hasInner) {
          events.onClose();
        }
      },
    },
    isForwarded(endpoint) ? 'shared' : 'stream',
  );
  return outer;

  function fail(error: Error): void {
    hasFailed = true;
    events.onError(error);
  }

  function openPlain(): void {
    isOpen = true;
    events.onTcp();
    events.onReady(outer);
  }

  async function openTunnel(): Promise<void> {
    try {
      await handshake(outer, proxy, endpoint, dialing);
    } catch (error) {
      if (!outer.destroyed) {
        fail(error instanceof Error ? error : new Error(String(error)));
        outer.destroy();
      }
      return;
    }
    if (outer.destroyed) {
      return;
    }
    if (endpoint.isSecure) {
      isOpen = true;
      events.onTcp();
      openInner();
    } else {
      outer.on('data', (bytes: Buffer) => events.onBytes(bytes));
      openPlain();
    }
  }

  /** TLS with the server. Node's `onread` is not for sockets within sockets. */
  function openInner(): void {
    hasInner = true;
    const { tlsClient } = dialing;
    const inner = process
      .getBuiltinModule('node:tls')
      .connect({ ...tlsClient.options(endpoint), host: endpoint.hostname, socket: outer });
    inner.on('data', (bytes: Buffer) => events.onBytes(bytes));
    inner.once('secureConnect', () => {
      events.onSecure();
      events.onReady(inner);
    });
    tlsClient.keepSessions(inner, endpoint);
    inner.on('error', (error) => events.onError(error));
    inner.once('close', () => events.onClose());
  }
}

/** The proxy itself as the end of a socket. */
function endpointOf({ scheme, hostname, port, name }: Proxy): Endpoint {
  return { isSecure: scheme === 'https', hostname, port, host: name };
}

async function handshake(
  outer: net.Socket,
  proxy: Proxy,
  endpoint: Endpoint,
  dialing: ProxyDialing,
): Promise<void> {
  const { hostname, port } = endpoint;
  switch (proxy.scheme) {
    case 'http':
    case 'https':
      return httpConnect(outer, proxy, endpoint);
    case 'socks5':
      return socks5(outer, proxy, await lookUp(hostname, port, dialing), port);
    case 'socks5h':
      return socks5(outer, proxy, hostname, port);
    default:
      return proxy.scheme satisfies never;
  }
}

/** The first address of a name, or the address that it is. */
function lookUp(hostname: string, port: number, { lookupFor, family }: ProxyDialing): Promise<string> {
  if (net.isIP(hostname) !== 0) {
    return Promise.resolve(hostname);
  }
  return new Promise((resolve, reject) => {
    lookupFor(hostname, port)(hostname, { family: family ?? 0, all: true }, (error, addresses) => {
      const [first] = typeof addresses === 'string' ? [] : addresses;
      if (error === null && first !== undefined) {
        resolve(first.address);
      } else {
        reject(error ?? new Error(`no address of ${hostname}`));
      }
    });
  });
}
