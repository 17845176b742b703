import type { ChannelOwner } from '../http/channel.ts';
import { Connection } from '../http/connection.ts';
import type { Connect, Endpoint } from '../http/endpoint.ts';
import type { Turn } from '../http/turn.ts';
import type { Seat } from './seat.ts';
import { Session, type SessionServer } from './session.ts';

/** What is known of one server, and the sessions with it in which there may be a seat. */
export class Server implements SessionServer {
  readonly endpoint: Endpoint;
  readonly connect: Connect;
  readonly #turn: Turn<Connection>;
  readonly #sessions = new Set<Session>();
  #speaksHttp1 = false;
  mostStreams = Number.POSITIVE_INFINITY;

  constructor(endpoint: Endpoint, connect: Connect, turn: Turn<Connection>) {
    this.endpoint = endpoint;
    this.connect = connect;
    this.#turn = turn;
  }

  /** It has chosen HTTP/1.1: nothing else is tried again. */
  get speaksHttp1(): boolean {
    return this.#speaksHttp1;
  }

  /** A seat is free in an open session. */
  get hasRoom(): boolean {
    const session = this.#freeSession;
    return session?.isOpen === true;
  }

  /** A session in which the seat has its place: one that there is, or a new one. */
  seat(seat: Seat): Session {
    let session = this.#freeSession;
    if (session === undefined) {
      session = new Session(this);
      this.#sessions.add(session);
    }
    session.join(seat);
    return session;
  }

  forget(session: Session): void {
    this.#sessions.delete(session);
  }

  /** Connections that are being opened find out for themselves. */
  useHttp1(): void {
    this.#speaksHttp1 = true;
    for (const session of this.#sessions) {
      if (session.isOpen) {
        session.retire();
      }
    }
  }

  /** A connection for HTTP/1.1. `connect` where its first socket is there already. */
  openHttp1(owner: ChannelOwner, connect: Connect = this.connect): Connection {
    return new Connection(this.endpoint, connect, this.#turn, owner);
  }

  get #freeSession(): Session | undefined {
    for (const session of this.#sessions) {
      if (session.hasFreeSeat) {
        return session;
      }
    }
    return undefined;
  }
}
