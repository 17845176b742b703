import net from 'node:net';
import { cachingLookup, type Resolve } from './lookup.ts';

/** Where a socket goes. */
export interface Endpoint {
  readonly isSecure: boolean;
  /** A name or an address, without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** What the `Host` field says. */
  readonly host: string;
}

/** What a socket tells, in this order; the ones in the middle as far as it gets. */
export interface SocketEvents {
  onLookup(): void;
  onTcp(): void;
  onSecure(): void;
  /** It can be written to. */
  onReady(): void;
  /** The memory is used again when this returns. */
  onBytes(bytes: Buffer): void;
  onError(error: Error): void;
  onClose(): void;
}

/** Opens a socket. Nothing is told before it returns. */
export type Connect = (endpoint: Endpoint, events: SocketEvents) => net.Socket;

/** How sockets are made. */
export interface ConnectorSettings {
  readonly insecure: boolean;
  /** Trusted certificates in PEM, instead of those that Node ships. */
  readonly ca?: string | undefined;
  /** Replaces the system's resolver. */
  readonly resolver?: Resolve | undefined;
}

/** Longest read. Every socket reads into the same memory, because each read is parsed before the next. */
const readSize = 64 * 1024;
/** TLS sessions kept, one an endpoint. */
const mostSessions = 1000;

/**
 * Makes sockets; `node:tls`, 12 ms of start-up, is loaded with the first that needs it. Sockets whose reads do not go through streams: Node's `onread` option hands each read over in one
 * buffer that is used again, instead of allocating 64 KiB a read. Saves 3 us of 17 a fetch.
 */
export function createConnector(settings: ConnectorSettings): Connect {
  const lookup = cachingLookup(settings.resolver);
  const memory = Buffer.allocUnsafeSlow(readSize);
  const sessions = new Map<string, Buffer>();

  return ({ isSecure, hostname, port, host }, events) => {
    const onread = {
      buffer: memory,
      callback: (length: number): boolean => {
        events.onBytes(memory.subarray(0, length));
        return true; // go on reading
      },
    };
    const tcp = { host: hostname, port, lookup, onread, noDelay: true, keepAlive: true };
    const socket = isSecure
      ? process.getBuiltinModule('node:tls').connect({
          ...tcp,
          ALPNProtocols: ['http/1.1'],
          rejectUnauthorized: !settings.insecure,
          session: sessions.get(host),
          ...(net.isIP(hostname) === 0 && { servername: hostname }),
          ...(settings.ca !== undefined && { ca: settings.ca }),
        })
      : net.connect(tcp);
    socket.once('lookup', (error: Error | null) => error === null && events.onLookup());
    socket.once('connect', () => events.onTcp());
    if (isSecure) {
      socket.once('secureConnect', () => events.onSecure());
      socket.on('session', (session: Buffer) => keep(sessions, host, session));
    }
    socket.once(isSecure ? 'secureConnect' : 'connect', () => events.onReady());
    socket.on('error', (error) => events.onError(error));
    socket.once('close', () => events.onClose());
    return socket;
  };
}

/** The oldest makes room. */
function keep(sessions: Map<string, Buffer>, host: string, session: Buffer): void {
  sessions.delete(host);
  if (sessions.size >= mostSessions) {
    sessions.delete(sessions.keys().next().value!);
  }
  sessions.set(host, session);
}
