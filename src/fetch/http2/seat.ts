import type { ExchangeClock } from '../clock.ts';
import type { Milliseconds } from '../../model/units.ts';
import type { Connect } from '../http/endpoint.ts';

/** The part that a channel has in a session. */
export interface Seat {
  readonly clock: ExchangeClock;
  /** The session's connection is being opened, since then. */
  onConnecting(since: Milliseconds): void;
  onConnected(): void;
  /** The request for which it has waited can go out now. */
  onRoom(): void;
  /** It has no part in the session any more, and has to look for another. */
  onDismissed(): void;
  /** The server speaks HTTP/1.1, and the socket is the seat's now: the first that this opens. */
  onHttp1(connect: Connect): void;
  /** The socket is gone. `failure`: it never was open, and why. */
  onGone(failure?: { readonly error: Error | undefined }): void;
}
