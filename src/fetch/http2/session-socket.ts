import type net from 'node:net';
import type { Bytes, Milliseconds } from '../../model/units.ts';
import type { ExchangeClock } from '../clock.ts';
import type { Connect, Endpoint, SocketEvents } from '../http/endpoint.ts';

/** The socket of a session, which may turn out to be one for HTTP/1.1, and is given away then. */
export class SessionSocket {
  readonly openedAt: Milliseconds;
  readonly #endpoint: Endpoint;
  readonly #connect: Connect;
  /** That of the exchange for which it is opened: the times of connecting are its. */
  #clock: ExchangeClock | undefined;
  #socket: net.Socket;
  /** Whose it is after it has been given away. */
  #heir: SocketEvents | undefined;
  error: Error | undefined;

  /** Opens it. Nothing is told before it returns. */
  constructor(
    server: { readonly endpoint: Endpoint; readonly connect: Connect },
    clock: ExchangeClock,
    told: Pick<SocketEvents, 'onReady' | 'onClose'>,
  ) {
    this.#endpoint = server.endpoint;
    this.#connect = server.connect;
    this.#clock = clock;
    this.openedAt = clock.connectAt = performance.now();
    this.#socket = server.connect(
      { ...server.endpoint, alpn: ['h2', 'http/1.1'] },
      {
        onLookup: () => this.#mark('lookupAt'),
        onTcp: () => this.#mark('tcpAt'),
        onSecure: () => this.#mark('secureAt'),
        onReady: (socket) => {
          this.#socket = socket;
          told.onReady(socket);
        },
        onBytes: (bytes) => this.#heir?.onBytes(bytes),
        onError: (error) => (this.#heir === undefined ? (this.error = error) : this.#heir.onError(error)),
        onClose: () => (this.#heir ?? told).onClose(),
      },
    );
  }

  /** It is open, and this is what is spoken on it: what was agreed in TLS, or without TLS is known. */
  get isHttp2(): boolean {
    const socket = this.#socket;
    return !this.#endpoint.isSecure || ('alpnProtocol' in socket && socket.alpnProtocol === 'h2');
  }

  /** Bytes that have come over it. */
  get bytesRead(): Bytes {
    return this.#socket.bytesRead;
  }

  get isGone(): boolean {
    return this.#socket.destroyed;
  }

  /** The exchange of that clock does not wait for it any more. */
  stopClock(clock: ExchangeClock): void {
    if (this.#clock === clock) {
      this.#clock = undefined;
    }
  }

  /**
   * A `connect` that gives the open socket away when it is first called, for the exchange of that
   * clock. What its times say of connecting remains so.
   */
  give(clock: ExchangeClock): Connect {
    const { connectAt } = clock;
    return (endpoint, events) => {
      if (this.#heir !== undefined) {
        return this.#connect(endpoint, events);
      }
      this.#heir = events;
      clock.connectAt = connectAt;
      queueMicrotask(() => events.onReady(this.#socket));
      return this.#socket;
    };
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #mark(time: 'lookupAt' | 'tcpAt' | 'secureAt'): void {
    if (this.#clock !== undefined) {
      this.#clock[time] ||= performance.now();
    }
  }
}
