import type net from 'node:net';
import type { RequestSpec } from '../../model/task.ts';
import type { Channel, ChannelOwner, Channels } from './channel.ts';
import { isForwarded, type Connect, type Endpoint } from './endpoint.ts';
import { ResponseError } from './response-error.ts';
import { connectionFields, headEnd, headFields } from './request-head.ts';
import { Turn } from './turn.ts';
import { ResponseReader } from './response-reader.ts';

/** A body up to this size goes into the system's buffers at once. */
const surelySent = 16 * 1024;

/**
 * HTTP/1.1: one socket to one origin, opened when it is needed and again when it was lost: at most one
 * exchange at a time, at most one socket at a time.
 */
export class Connection implements Channel {
  readonly httpVersion = undefined;
  readonly #endpoint: Endpoint;
  readonly #connect: Connect;
  readonly #owner: ChannelOwner;
  readonly #turn: Turn<Connection>;
  readonly #reader: ResponseReader;
  #socket: net.Socket | undefined;
  #isOpen = false;
  /** The socket has not been usable yet. */
  #isOpening = false;
  /** The exchange that is to be sent or has been: its target and request. */
  #path = '/';
  #request: RequestSpec | undefined;
  #isPending = false;
  /**
   * The head of `#headOf` before and after its path, up to the length of the body: most requests of a run
   * share it, for if they have bodies of their own, they still have the same `headers`.
   */
  #begin = '';
  #fields = '';
  #headOf: Pick<RequestSpec, 'method' | 'headers'> | undefined;
  #error: Error | undefined;

  constructor(endpoint: Endpoint, connect: Connect, turn: Turn<Connection>, owner: ChannelOwner) {
    this.#endpoint = endpoint;
    this.#connect = connect;
    this.#turn = turn;
    this.#owner = owner;
    this.#reader = new ResponseReader({
      onHead: (status, headers, length) => owner.onHead(status, headers, length),
      onBody: (bytes) => owner.onBody(bytes),
      onEnd: (isReusable) => this.#onEnd(isReusable),
    });
  }

  /** A socket is open and can carry a request. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** There is a socket: opening, open or closing. */
  get hasSocket(): boolean {
    return this.#socket !== undefined;
  }

  /** Sends a request, on the open socket or on one that is opened for it. Never fails before it returns. */
  send(path: string, request: RequestSpec): void {
    this.#path = path;
    this.#request = request;
    this.#isPending = true;
    if (this.#isOpen) {
      // After a turn of the event loop: what has arrived by then, an end or bytes that nobody asked
      // for, tells that this socket is not to be used. And the writes of a turn go out together.
      this.#turn.add(this);
    } else if (this.#socket === undefined) {
      this.#open();
    } // else the old socket is closing; the new one opens when it is gone
  }

  /** Closes the socket and forgets the exchange; the owner hears `onGone` when it is closed. */
  destroy(): void {
    this.#isOpen = this.#isOpening = this.#isPending = false;
    this.#reader.abandon();
    this.#socket?.destroy();
  }

  /** Called when the turn is over. A socket that has ended by then is not written to: the next one is. */
  sendPending(): void {
    if (this.#isPending && this.#isOpen && this.#socket?.writable === true) {
      this.#write();
    }
  }

  #open(): void {
    this.#error = undefined;
    this.#isOpening = true;
    const { clock } = this.#owner;
    clock.connectAt = performance.now();
    this.#owner.onConnecting(clock.connectAt);
    this.#socket = this.#connect(this.#endpoint, {
      onLookup: () => (clock.lookupAt ||= performance.now()),
      onTcp: () => (clock.tcpAt = performance.now()),
      onSecure: () => (clock.secureAt = performance.now()),
      onReady: (socket) => this.#onReady(socket),
      onBytes: (bytes) => this.#onBytes(bytes),
      onError: (error) => (this.#error = error),
      onClose: () => this.#onClose(),
    });
  }

  #onReady(socket: net.Socket): void {
    if (!this.#isOpening) {
      return; // given up just before
    }
    this.#socket = socket;
    this.#isOpening = false;
    this.#isOpen = true;
    this.#owner.onConnected();
    this.sendPending();
  }

  #write(): void {
    const socket = this.#socket!;
    const request = this.#request!;
    const { method, headers, body } = request;
    if (this.#headOf?.headers !== headers || this.#headOf.method !== method) {
      const { host } = this.#endpoint;
      // A proxy that forwards is told the whole URL (RFC 9112, 3.2.2).
      this.#begin = `${method} ${isForwarded(this.#endpoint) ? `http://${host}` : ''}`;
      this.#fields = headFields(request, host, connectionFields(this.#endpoint));
      this.#headOf = { method, headers };
    }
    this.#isPending = false;
    this.#owner.clock.sentAt = performance.now();
    this.#reader.expect(method);
    const head = `${this.#begin}${this.#path}${this.#fields}${headEnd(request)}`;
    if (body === undefined) {
      socket.write(head, 'latin1');
    } else {
      socket.cork();
      socket.write(head, 'latin1');
      socket.write(body);
      socket.uncork();
    }
  }

  #onBytes(bytes: Buffer): void {
    if (!this.#isOpen) {
      return; // given up: what still comes is nobody's
    }
    if (!this.#reader.isIdle) {
      this.#owner.onBytes();
    }
    try {
      this.#reader.read(bytes);
    } catch (error) {
      if (!(error instanceof ResponseError)) {
        throw error; // a bug, here or where the answer is taken
      }
      this.#fail(error);
    }
  }

  #onEnd(isReusable: boolean): void {
    if (!isReusable || this.#endpoint.isOneShot === true || this.#isStillSending) {
      this.#isOpen = false;
      this.#socket?.destroy();
    }
    this.#owner.onEnd();
  }

  /**
   * An answer before the request was sent whole leaves the rest of it in the way of the next. Only a
   * large body can be held up; TLS sockets count what is sent as pending a little longer than it is.
   */
  get #isStillSending(): boolean {
    const length = this.#request?.body?.byteLength ?? 0;
    return length > surelySent && this.#socket?.writableLength !== 0;
  }

  /** The socket is of no more use, and the exchange on it, if there is one, has failed. */
  #fail(error: Error): void {
    const isIdle = this.#reader.isIdle;
    this.#isOpen = false;
    this.#reader.abandon();
    this.#socket?.destroy();
    if (!isIdle) {
      this.#owner.onError(error);
    }
  }

  #onClose(): void {
    const wasOpening = this.#isOpening;
    const wasOpen = this.#isOpen;
    this.#socket = undefined;
    this.#isOpen = this.#isOpening = false;
    this.#owner.onGone();
    if (wasOpening) {
      this.#isPending = false;
      this.#owner.onError(this.#error);
    } else if (wasOpen && !this.#reader.isIdle) {
      this.#onCutOff();
    }
    if (this.#isPending && this.#socket === undefined) {
      this.#open(); // it was lost before the request was sent
    }
  }

  /** The socket was closed while an answer was awaited or under way. */
  #onCutOff(): void {
    if (this.#error === undefined && this.#reader.end()) {
      return; // a body that the end of the connection ends; `#onEnd` has been called
    }
    this.#reader.abandon();
    this.#owner.onError(this.#error);
  }
}

/** Gives each lane a connection of its own. */
export function http1Channels(connect: Connect): Channels {
  const turn = createTurn();
  return {
    sockets: undefined,
    open: (endpoint, owner) => new Connection(endpoint, connect, turn, owner),
  };
}

/** Lets the requests that all connections have by the end of a turn go out together. */
export function createTurn(): Turn<Connection> {
  return new Turn((connection) => connection.sendPending());
}
