import type { RequestSpec } from '../../model/task.ts';
import type { Milliseconds } from '../../model/units.ts';
import type { ExchangeClock } from '../clock.ts';
import type { Endpoint } from './endpoint.ts';
import type { ResponseHandler } from './response-reader.ts';

/** What carries the exchanges of a lane, one at a time, whatever the protocol. */
export interface Channel {
  /** A connection is open and can carry a request. */
  readonly isOpen: boolean;
  /** It has a socket, or a part in one: opening, open or closing. */
  readonly hasSocket: boolean;
  /** Of the last exchange; undefined: HTTP/1.1. */
  readonly httpVersion: '2' | undefined;
  /** Sends a request, on the open connection or on one that is opened for it. Never fails before it returns. */
  send(path: string, request: RequestSpec): void;
  /** Forgets the exchange and lets go of the socket; the owner hears `onGone` when that is done. */
  destroy(): void;
}

/**
 * How an HTTP/2 server has said that it did nothing of a request that it was sent: it refused it, or ended
 * the session before it came to it, as servers do now and then.
 */
export type Unprocessed = 'refused' | 'passed over';

/** Told of the exchanges of a channel. */
export interface ChannelOwner extends Omit<ResponseHandler, 'onEnd'> {
  readonly clock: ExchangeClock;
  /** A connection is opened for the exchange. */
  onConnecting(now: Milliseconds): void;
  /** The connection is open: from here on only the limit of the whole attempt counts. */
  onConnected(): void;
  /** Bytes of the answer have come, whatever they are. */
  onBytes(): void;
  /** The answer is whole. */
  onEnd(): void;
  /** The exchange has failed. */
  onError(error: Error | undefined, unprocessed?: Unprocessed): void;
  /** The socket is gone. */
  onGone(): void;
}

/** Gives each lane its channel. */
export interface Channels {
  /** Open or opening; undefined: each channel has one of its own. */
  readonly sockets: number | undefined;
  open(endpoint: Endpoint, owner: ChannelOwner): Channel;
}
