/**
 * The two parts of undici that the engine uses, imported from their own files: the package's index
 * also loads fetch, caches, WebSockets and mocks, 40 ms of start-up that nothing here needs.
 */
import type { LookupFunction } from 'node:net';
import type { Client as ClientClass, buildConnector as BuildConnector } from 'undici';
// @ts-expect-error: undici ships no declarations for its inner files; the types above are theirs.
import ClientFile from 'undici/lib/dispatcher/client.js';
// @ts-expect-error: as above.
import connectFile from 'undici/lib/core/connect.js';

/** One connection to one origin, used as a lane's only socket. */
export const Client = ClientFile as typeof ClientClass;
/** One connection to one origin (its type). */
export type Client = ClientClass;
/** Makes the function that opens TCP and TLS sockets, with a shared cache of TLS sessions. */
export const buildConnector = connectFile as typeof BuildConnector;
/** What undici asks a connector to connect to. */
export type ConnectOptions = BuildConnector.Options;
/** How undici's connector is set up; it hands what it does not know on to `net` and `tls`. */
export type ConnectorOptions = BuildConnector.BuildOptions & { onread: OnRead; lookup: LookupFunction };
/** Called with an error or the connected socket. */
export type ConnectCallback = BuildConnector.Callback;

/** The options of one exchange; a lane keeps one object and changes it. */
export interface DispatchOptions {
  path: string;
  method: string;
  headers?: readonly string[];
  body?: Uint8Array | undefined;
  /** false: keep the connection even where undici would close it. */
  reset?: boolean | undefined;
}

/** `client.dispatch` for options that are reused and therefore may hold undefined. */
export function dispatch(client: ClientClass, options: DispatchOptions, handler: object): void {
  client.dispatch(options as Parameters<ClientClass['dispatch']>[0], handler);
}

interface OnRead {
  readonly buffer: Uint8Array;
  readonly callback: (bytesWritten: number, buffer: Uint8Array) => boolean;
}
