import type { Channel, ChannelOwner, Channels } from '../http/channel.ts';
import { Connection, createTurn } from '../http/connection.ts';
import { isForwarded, type Connect, type Endpoint } from '../http/endpoint.ts';
import { SharedChannel } from './shared-channel.ts';
import { Server } from './server.ts';

/**
 * Gives lanes channels that share HTTP/2 sessions where the server speaks it: over TLS it is asked
 * (ALPN, RFC 7301), without TLS it must be known beforehand.
 */
export class Http2Channels implements Channels {
  readonly #hasPriorKnowledge: boolean;
  readonly #servers = new WeakMap<Endpoint, Server>();
  readonly #turn = createTurn();
  readonly #connect: Connect;
  #sockets = 0;

  constructor(connect: Connect, hasPriorKnowledge: boolean) {
    this.#hasPriorKnowledge = hasPriorKnowledge;
    this.#connect = (endpoint, events) => {
      this.#sockets++;
      const onClose = () => {
        this.#sockets--;
        events.onClose();
      };
      return connect(endpoint, { ...events, onClose });
    };
  }

  get sockets(): number {
    return this.#sockets;
  }

  open(endpoint: Endpoint, owner: ChannelOwner): Channel {
    const mayBeHttp2 = endpoint.isSecure || (this.#hasPriorKnowledge && !isForwarded(endpoint));
    return mayBeHttp2
      ? new SharedChannel(this.#serverOf(endpoint), owner)
      : new Connection(endpoint, this.#connect, this.#turn, owner);
  }

  #serverOf(endpoint: Endpoint): Server {
    let server = this.#servers.get(endpoint);
    if (server === undefined) {
      server = new Server(endpoint, this.#connect, this.#turn);
      this.#servers.set(endpoint, server);
    }
    return server;
  }
}
