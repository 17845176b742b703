import type net from 'node:net';
import type { Proxy } from '../../model/proxy/proxy.ts';

/** Where a socket goes. */
export interface Endpoint {
  readonly isSecure: boolean;
  /** A name or an address, without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** What the `Host` field says. */
  readonly host: string;
  /** What lies between; undefined in most runs. */
  readonly proxy?: Proxy | undefined;
  /** Protocols offered in TLS, the preferred one first (RFC 7301); absent: HTTP/1.1. */
  readonly alpn?: readonly string[] | undefined;
  /** A connection carries one exchange. */
  readonly isOneShot?: boolean | undefined;
}

/** What a socket tells, in this order; the ones in the middle as far as it gets. */
export interface SocketEvents {
  /** The name is resolved: the proxy's, when there is one. */
  onLookup(): void;
  /** Bytes can go to the server and come from it. */
  onTcp(): void;
  /** TLS is agreed with the server. */
  onSecure(): void;
  /** It can be written to. Behind a proxy that may be another socket, inside the first. */
  onReady(socket: net.Socket): void;
  /** The memory is used again when this returns. */
  onBytes(bytes: Buffer): void;
  onError(error: Error): void;
  onClose(): void;
}

/** Opens a socket. Nothing is told before it returns. */
export type Connect = (endpoint: Endpoint, events: SocketEvents) => net.Socket;

/** An HTTP proxy takes requests for http URLs itself; all else goes through it in a tunnel. */
export function isForwarded({ isSecure, proxy }: Endpoint): boolean {
  return !isSecure && (proxy?.scheme === 'http' || proxy?.scheme === 'https');
}
