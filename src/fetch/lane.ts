import type net from 'node:net';
import { failure, type Failure } from '../model/failure.ts';
import type { Bytes, Milliseconds } from '../model/units.ts';
import { pathOf } from '../model/url.ts';
import { classifyError } from './classify.ts';
import { ExchangeClock } from './clock.ts';
import type { Connect, ConnectionOwner } from './connector.ts';
import type { Expirable } from './deadlines.ts';
import type { Host } from './host.ts';
import type { Job } from './job.ts';
import { Client, dispatch, type DispatchOptions } from './undici.ts';

/** The limits of one exchange. */
export interface LaneLimits {
  readonly timeout: Milliseconds;
  readonly connectTimeout: Milliseconds;
  readonly taskTimeout: Milliseconds | undefined;
  readonly maxBody: Bytes;
  readonly keepBody: boolean;
}

/** Told how each exchange ended. The lane is free again when it is called. */
export interface LaneOwner {
  readonly limits: LaneLimits;
  readonly connect: Connect;
  onAnswer(lane: Lane): void;
  onFailure(lane: Lane, failure: Failure): void;
  onLaneClosed(lane: Lane): void;
}

/** Header fields as undici parses them: names in lower case. */
export type ResponseHeaders = Readonly<Record<string, string | string[]>>;

type Controller = { abort(reason: Error): void };

/** How long an idle connection is kept, whatever the server promises. */
const idleMs: Milliseconds = 30_000;

/**
 * One slot of concurrency bound to one origin, owning one undici `Client`, so one socket. The lane
 * is itself the reused handler of every exchange: no promise, closure or stream per request.
 */
export class Lane implements ConnectionOwner, Expirable {
  readonly host: Host;
  readonly #owner: LaneOwner;
  readonly #client: Client;
  readonly #options: DispatchOptions = { path: '/', method: 'GET' };
  job: Job | undefined;

  // The answer so far.
  status = 0;
  headers: ResponseHeaders = {};
  /** Bytes of the body on the wire. */
  received: Bytes = 0;
  /** The head or body of an answer has begun to arrive. */
  gotBytes = false;
  /** The request has been handed to the socket. */
  written = false;
  /** The last byte of the answer has come. */
  isWhole = false;
  /** The exchange goes over a connection that an earlier one has used. */
  reused = false;
  #chunks: Buffer[] = [];
  /** Length of the body by Content-Length; -1 unknown. */
  #expected = -1;

  awaitsHead = false;
  expiresAt = Number.POSITIVE_INFINITY;
  #connectBy = Number.POSITIVE_INFINITY;
  #limitFailure: Failure | undefined;
  #controller: Controller | undefined;
  #socket: net.Socket | undefined;
  #isConnected = false;
  #isClosing = false;

  /** When the exchange came to its turns. */
  readonly clock = new ExchangeClock();

  constructor(host: Host, owner: LaneOwner) {
    this.host = host;
    this.#owner = owner;
    this.#client = new Client(host.origin, {
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: idleMs,
      keepAliveMaxTimeout: idleMs,
      connect: (options, callback) => owner.connect(this, options, callback),
    });
  }

  /** Starts an exchange; its end comes through the owner, never before this returns. */
  start(job: Job, now: Milliseconds): void {
    const { limits } = this.#owner;
    this.job = job;
    this.status = 0;
    this.received = 0;
    this.#expected = -1;
    this.gotBytes = this.written = this.awaitsHead = this.isWhole = false;
    this.reused = this.#isConnected;
    this.#limitFailure = this.#controller = undefined;
    this.clock.start(now, this.host.isAddress);
    this.expiresAt = now + limits.timeout;
    if (limits.taskTimeout !== undefined) {
      this.expiresAt = Math.min(this.expiresAt, job.startedAt + limits.taskTimeout);
    }
    if (!this.#isConnected) {
      this.#connectBy = now + limits.connectTimeout;
      this.expiresAt = Math.min(this.expiresAt, this.#connectBy);
    }

    const { request } = job;
    const options = this.#options;
    options.path = pathOf(job);
    options.method = request.method;
    options.headers = request.headers;
    options.body = request.body;
    options.reset = request.method === 'HEAD' ? false : undefined; // undici would close after HEAD
    dispatch(this.#client, options, this);
  }

  /** The body on the wire, whole. Valid only until control returns to the socket. */
  get wireBody(): Buffer {
    const chunks = this.#chunks;
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  }

  get bodyIsMeasured(): boolean {
    return this.#expected >= 0;
  }

  /** Gives up what is under way, with this as the reason; the owner hears of it as of any failure. */
  abort(reason: Failure): void {
    if (this.job === undefined) {
      return;
    }
    this.#limitFailure ??= reason;
    if (this.#controller !== undefined) {
      this.#controller.abort(new Error(reason.message));
    } else {
      this.#socket?.destroy(new Error(reason.message));
    }
  }

  /** Closes the connection; the owner hears of it when the socket is gone. */
  close(): void {
    this.#isClosing = true;
    const hadSocket = this.#socket !== undefined;
    this.#client.destroy(null, () => {});
    this.#socket?.destroy();
    if (!hadSocket) {
      this.#owner.onLaneClosed(this);
    }
  }

  expire(now: Milliseconds): void {
    const { timeout, connectTimeout, taskTimeout } = this.#owner.limits;
    const job = this.job!;
    if (taskTimeout !== undefined && job.startedAt + taskTimeout <= now) {
      this.abort(failure('TASK_TIMEOUT', `no answer within ${taskTimeout} ms for all attempts`));
    } else if (now >= this.clock.startedAt + timeout) {
      this.abort(failure('TOTAL_TIMEOUT', `no whole answer within ${timeout} ms (${this.clock.phase})`));
    } else {
      this.abort(
        failure('CONNECT_TIMEOUT', `no connection within ${connectTimeout} ms (${this.clock.phase})`),
      );
    }
  }

  // ── what undici calls

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    this.written = this.awaitsHead = true;
    this.clock.sentAt = performance.now();
    if (this.clock.connectAt !== 0) {
      this.#connected();
    }
    if (this.#limitFailure !== undefined) {
      controller.abort(new Error(this.#limitFailure.message));
    }
  }

  onResponseStart(_controller: Controller, status: number, headers: ResponseHeaders): void {
    if (status < 200) {
      return; // 1xx: the real head is yet to come
    }
    this.awaitsHead = false;
    this.clock.headAt = performance.now();
    this.status = status;
    this.headers = headers;
    this.#chunks = [];
    const length = headers['content-length'];
    this.#expected =
      typeof length === 'string' && headers['transfer-encoding'] === undefined ? Number(length) : -1;
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    this.received += chunk.length;
    if (this.received > this.#owner.limits.maxBody) {
      this.#limitFailure ??= failure(
        'BODY_TOO_LARGE',
        `body is larger than ${this.#owner.limits.maxBody} bytes`,
      );
      controller.abort(new Error(this.#limitFailure.message));
    } else if (this.#owner.limits.keepBody || this.status >= 300) {
      // A chunk lies in memory that the next read overwrites; only a whole body is used before that.
      this.#chunks.push(chunk.length === this.#expected ? chunk : Buffer.from(chunk));
    }
  }

  onResponseEnd(): void {
    this.isWhole = true;
    this.awaitsHead = false;
    this.expiresAt = Number.POSITIVE_INFINITY;
    this.#controller = undefined;
    this.#owner.onAnswer(this);
  }

  onResponseError(_controller: Controller | null, error: Error): void {
    this.awaitsHead = false;
    this.expiresAt = Number.POSITIVE_INFINITY;
    this.#controller = undefined;
    this.#owner.onFailure(
      this,
      this.#limitFailure ?? classifyError(error, { phase: this.clock.phase, host: this.host.origin }),
    );
  }

  // ── what the connector calls

  onSocket(socket: net.Socket, startedAt: Milliseconds): void {
    this.#socket = socket;
    this.clock.connectAt = startedAt;
    this.reused = false;
  }

  onLookup(at: Milliseconds): void {
    this.clock.lookupAt ||= at;
  }

  onTcp(at: Milliseconds): void {
    this.clock.tcpAt = at;
  }

  onSecure(at: Milliseconds): void {
    this.clock.secureAt = at;
  }

  onBytes(): void {
    this.gotBytes = true;
  }

  onClosed(socket: net.Socket): void {
    if (this.#socket !== socket) {
      return; // an earlier one: its successor is open already
    }
    this.#socket = undefined;
    this.#isConnected = false;
    if (this.#isClosing) {
      this.#owner.onLaneClosed(this);
    }
  }

  /** From here on the attempt's own limit counts, not that of connecting. */
  #connected(): void {
    if (!this.#isConnected) {
      this.#isConnected = true;
      const { limits } = this.#owner;
      this.expiresAt = this.clock.startedAt + limits.timeout;
      if (limits.taskTimeout !== undefined) {
        this.expiresAt = Math.min(this.expiresAt, this.job!.startedAt + limits.taskTimeout);
      }
    }
  }
}
