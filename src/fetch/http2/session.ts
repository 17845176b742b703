import type http2 from 'node:http2';
import type net from 'node:net';
import type { RequestSpec } from '../../model/task.ts';
import type { Connect, Endpoint } from '../http/endpoint.ts';
import { Exchange, type ExchangeHandler } from './exchange.ts';
import { openSession } from './open-session.ts';
import type { Fields } from './request-fields.ts';
import type { Seat } from './seat.ts';
import { SessionSocket } from './session-socket.ts';

/** The server as a session knows it. */
export interface SessionServer {
  readonly endpoint: Endpoint;
  readonly connect: Connect;
  /** Streams that a session may have at once, as far as the server has said. */
  mostStreams: number;
  /** The session takes no further seats. */
  forget(session: Session): void;
  /** Nothing further is to go out over HTTP/2. */
  useHttp1(): void;
}

/** Stream identifiers have 31 bits: no GOAWAY has come that cuts any off. */
const lastOfAll = 2 ** 31 - 1;

/**
 * One socket that many seats share, over HTTP/2 if the server agrees. It is closed when the last seat
 * is left, and that seat stays until the socket is gone: so there are never more sockets than channels.
 */
export class Session {
  readonly #server: SessionServer;
  readonly #seats = new Set<Seat>();
  /** Those with a request that has not gone out. */
  readonly #waiting = new Set<Seat>();
  /** Those with an exchange under way. */
  readonly #busy = new Set<Seat>();
  #socket: SessionSocket | undefined;
  #http2: http2.ClientHttp2Session | undefined;
  /**
   * Exchanges that may be under way. One, until the server has told its settings, which is the first
   * that it says (RFC 9113, 3.4): if more were too many, all might be refused.
   */
  #mostBusy = 1;
  /** The last stream that the server looks at. */
  #lastStream = lastOfAll;
  #isRetired = false;
  #isClosing = false;

  constructor(server: SessionServer) {
    this.#server = server;
  }

  /** It takes further requests, or will when it is open. */
  get isUsable(): boolean {
    const { closed = false, destroyed = false } = this.#http2 ?? {};
    return !this.#isRetired && !this.#isClosing && !closed && !destroyed;
  }

  /** It takes further requests. */
  get isOpen(): boolean {
    return this.#http2 !== undefined && this.isUsable;
  }

  get hasFreeSeat(): boolean {
    const { endpoint, mostStreams } = this.#server;
    return this.isUsable && this.#seats.size < (endpoint.isOneShot === true ? 1 : mostStreams);
  }

  /** Gives the seat its part in it; the first opens it. */
  join(seat: Seat): void {
    this.#seats.add(seat);
    this.#socket ??= this.#open(seat);
    if (this.#http2 === undefined) {
      seat.onConnecting(this.#socket.openedAt);
    }
  }

  /** Takes the seat's part away. False: it was the last; it is told when the socket is gone. */
  leave(seat: Seat): boolean {
    this.#waiting.delete(seat);
    this.#socket?.stopClock(seat.clock);
    if (this.#seats.size > 1 || !this.#seats.has(seat)) {
      this.#seats.delete(seat);
      return true;
    }
    this.#close();
    return false;
  }

  /** Has the seat told when its request can go out: now, if there is room. */
  awaitRoom(seat: Seat): void {
    this.#waiting.add(seat);
    this.#fill();
  }

  /** Starts the exchange of a seat that has been told that there is room. */
  exchange(seat: Seat, fields: Fields, body: RequestSpec['body'], handler: ExchangeHandler): Exchange {
    const socket = this.#socket!;
    const heardBefore = socket.bytesRead;
    this.#busy.add(seat);
    if (this.#server.endpoint.isOneShot === true) {
      this.#isRetired = true;
    }
    return new Exchange(this.#http2!, fields, body, {
      ...handler,
      context: () => ({
        lastStream: this.#lastStream,
        isSocketGone: socket.isGone,
        socketError: socket.error,
      }),
      onOver: (outcome) => {
        this.#busy.delete(seat);
        if (outcome === 'cancelled' && socket.bytesRead === heardBefore) {
          this.retire(); // not a byte in all that time: nothing more is entrusted to it
        } else if (typeof outcome === 'object' && outcome.needsHttp1) {
          this.#server.useHttp1();
        }
        this.#fill();
        if (this.#isRetired && this.#busy.size === 0) {
          this.#close();
        }
        handler.onOver(outcome);
      },
    });
  }

  /** Takes no further requests; those under way go on. */
  retire(): void {
    this.#isRetired = true;
    this.#server.forget(this);
    this.#dismissAbove(0);
  }

  #open(seat: Seat): SessionSocket {
    return new SessionSocket(this.#server, seat.clock, {
      onReady: (socket) => this.#onReady(socket),
      onClose: () => this.#onClose(),
    });
  }

  #onReady(socket: net.Socket): void {
    if (this.#isClosing) {
      return; // given up just before
    }
    for (const seat of this.#seats) {
      seat.onConnected();
    }
    if (this.#socket?.isHttp2 === true) {
      this.#begin(socket);
    } else {
      this.#giveAway();
    }
  }

  #begin(socket: net.Socket): void {
    this.#http2 = openSession(socket, this.#server.endpoint, {
      onSettings: ({ maxConcurrentStreams = Number.POSITIVE_INFINITY }) => {
        this.#mostBusy = maxConcurrentStreams;
        // 0 is for a short time (RFC 9113, 6.5.2): more sessions would not help.
        if (maxConcurrentStreams > 0) {
          this.#server.mostStreams = maxConcurrentStreams;
          this.#dismissAbove(maxConcurrentStreams);
        }
        this.#fill();
      },
      onGoaway: (lastStream) => {
        this.#lastStream = Math.min(this.#lastStream, lastStream);
        this.retire();
      },
    });
    this.#fill();
  }

  /** The server has chosen HTTP/1.1: one seat goes on with this socket, the others open their own. */
  #giveAway(): void {
    const [heir, ...others] = this.#seats;
    this.#seats.clear();
    this.#isClosing = true;
    this.#server.forget(this);
    this.#server.useHttp1();
    heir?.onHttp1(this.#socket!.give(heir.clock));
    for (const seat of others) {
      seat.onDismissed();
    }
  }

  /** Lets requests out while there is room. */
  #fill(): void {
    for (const seat of this.#waiting) {
      if (!this.isOpen || this.#busy.size >= this.#mostBusy) {
        return;
      }
      this.#waiting.delete(seat);
      seat.onRoom();
    }
  }

  /** Seats without an exchange have to go, until there are no more than that. */
  #dismissAbove(most: number): void {
    for (const seat of this.#seats) {
      if (this.#seats.size > most && !this.#busy.has(seat) && this.leave(seat)) {
        seat.onDismissed();
      }
    }
  }

  #close(): void {
    if (this.#isClosing) {
      return;
    }
    this.#isClosing = true;
    this.#server.forget(this);
    this.#http2?.destroy(); // says GOAWAY; but it waits for what the server may never read
    setImmediate(() => this.#socket?.destroy());
  }

  #onClose(): void {
    const failure =
      this.#http2 === undefined && !this.#isClosing ? { error: this.#socket?.error } : undefined;
    this.#isClosing = true;
    this.#server.forget(this);
    for (const seat of this.#seats) {
      seat.onGone(failure);
    }
    this.#seats.clear();
  }
}
