import type { Milliseconds } from '../../model/units.ts';
import type { RequestSpec } from '../../model/task.ts';
import type { ExchangeClock } from '../clock.ts';
import type { Channel, ChannelOwner } from '../http/channel.ts';
import type { Connection } from '../http/connection.ts';
import type { Connect } from '../http/endpoint.ts';
import type { Exchange, Outcome } from './exchange.ts';
import { commonFields, requestFields, type Fields } from './request-fields.ts';
import type { Seat } from './seat.ts';
import type { Server } from './server.ts';
import type { Session } from './session.ts';

/** A channel that has a seat in an HTTP/2 session, or, where the server does not speak it, a connection of its own. */
export class SharedChannel implements Channel, Seat {
  readonly #server: Server;
  readonly #owner: ChannelOwner;
  #session: Session | undefined;
  #connection: Connection | undefined;
  #pending: { readonly path: string; readonly request: RequestSpec } | undefined;
  #exchange: Exchange | undefined;
  /** What the requests with the method and headers of `#commonOf` share: mostly all of a run. */
  #common: Fields = {};
  #commonOf: Pick<RequestSpec, 'method' | 'headers'> | undefined;
  httpVersion: '2' | undefined;

  constructor(server: Server, owner: ChannelOwner) {
    this.#server = server;
    this.#owner = owner;
  }

  get isOpen(): boolean {
    return this.#connection?.isOpen ?? this.#session?.isOpen ?? this.#server.hasRoom;
  }

  get hasSocket(): boolean {
    return this.#session !== undefined || this.#connection?.hasSocket === true;
  }

  send(path: string, request: RequestSpec): void {
    this.#pending = { path, request };
    this.#proceed();
  }

  destroy(): void {
    this.#pending = undefined;
    this.#exchange?.cancel();
    this.#connection?.destroy();
    this.#leave();
  }

  /** Finds a way for the request, if one waits. */
  #proceed(): void {
    if (this.#pending === undefined) {
      return;
    }
    if (this.#session?.isUsable === false) {
      this.#leave();
    }
    if (this.#session === undefined && this.#server.speaksHttp1) {
      this.#sendAlone(this.#pending.path, this.#pending.request);
    } else {
      this.#session ??= this.#server.seat(this);
      this.#session.awaitRoom(this);
    }
  }

  #sendAlone(path: string, request: RequestSpec): void {
    this.#pending = undefined;
    this.httpVersion = undefined;
    this.#connection ??= this.#server.openHttp1(this.#owner);
    this.#connection.send(path, request);
  }

  /** The last seat of a session is left when its socket is gone. */
  #leave(): void {
    if (this.#session?.leave(this) === true) {
      this.#session = undefined;
      this.#owner.onGone();
    }
  }

  #onOver(outcome: Outcome): void {
    this.#exchange = undefined;
    if (outcome === 'answered') {
      this.#owner.onEnd();
    } else if (outcome !== 'cancelled') {
      this.#owner.onError(outcome.error, outcome.unprocessed);
    }
  }

  // ── what the session calls

  get clock(): ExchangeClock {
    return this.#owner.clock;
  }

  onConnecting(since: Milliseconds): void {
    this.#owner.onConnecting(since);
  }

  onConnected(): void {
    this.#owner.onConnected();
  }

  onRoom(): void {
    const { path, request } = this.#pending!;
    const { method, headers, body } = request;
    if (this.#commonOf?.headers !== headers || this.#commonOf.method !== method) {
      this.#common = commonFields(request, this.#server.endpoint);
      this.#commonOf = { method, headers };
    }
    this.#pending = undefined;
    this.httpVersion = '2';
    this.clock.sentAt = performance.now();
    this.#exchange = this.#session!.exchange(this, requestFields(this.#common, path, request), body, {
      owner: this.#owner,
      onOver: (outcome) => this.#onOver(outcome),
    });
  }

  onDismissed(): void {
    this.#session = undefined;
    this.#owner.onGone();
    this.#proceed();
  }

  onHttp1(connect: Connect): void {
    this.#session = undefined;
    this.#connection = this.#server.openHttp1(this.#owner, connect);
    this.#proceed();
  }

  onGone(failure?: { readonly error: Error | undefined }): void {
    this.#session = undefined;
    this.#owner.onGone();
    if (failure === undefined) {
      this.#proceed();
    } else if (this.#pending !== undefined) {
      this.#pending = undefined;
      this.#owner.onError(failure.error);
    }
  }
}
