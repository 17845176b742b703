import http2 from 'node:http2';
import type net from 'node:net';
import type { Bytes } from '../../model/units.ts';
import type { Endpoint } from '../http/endpoint.ts';

/** What a session tells. */
export interface SessionEvents {
  onSettings(settings: http2.Settings): void;
  /** The server takes no further streams, and looks at none after `lastStream`. */
  onGoaway(lastStream: number): void;
}

/**
 * How far a server may send ahead of what we have taken. Bodies are taken as they come, so this bounds
 * no memory, but the throughput of a long way; as Go's client has it.
 */
const streamWindow: Bytes = 4 * 1024 * 1024;
const connectionWindow: Bytes = 2 ** 30;

/** Starts HTTP/2 on a socket that is open. */
export function openSession(
  socket: net.Socket,
  { isSecure, host }: Endpoint,
  events: SessionEvents,
): http2.ClientHttp2Session {
  const session = http2.connect(`${isSecure ? 'https' : 'http'}://${host}`, {
    createConnection: () => socket,
    settings: { enablePush: false, initialWindowSize: streamWindow, maxHeaderListSize: 64 * 1024 },
    maxHeaderListPairs: 4096, // what counts is their length
    maxSendHeaderBlockLength: 1024 * 1024, // whether a URL is too long is for the server to say
    maxSessionMemory: 1_000_000, // megabytes; what is queued is bounded by the lanes and their bodies
  });
  session.setLocalWindowSize(connectionWindow);
  session.on('remoteSettings', (settings) => events.onSettings(settings));
  session.on('goaway', (_, lastStream) => events.onGoaway(lastStream));
  session.on('error', () => {}); // its streams and its socket tell
  return session;
}
