import { readFile } from 'node:fs/promises';
import { messageOf } from '../model/errors.ts';
import { failure, type Failure } from '../model/failure.ts';
import type { RequestSpec } from '../model/task.ts';
import type { Bytes, Milliseconds } from '../model/units.ts';
import { pathOf } from '../model/url.ts';
import { classifyError } from './policy/classify.ts';
import { ExchangeClock } from './clock.ts';
import { Connection, type ConnectionOwner } from './http/connection.ts';
import { idleLimit } from './http/keep-alive.ts';
import type { Connect } from './http/connector.ts';
import type { Expirable } from './deadlines.ts';
import type { Host } from './host.ts';
import type { Identity } from './identity.ts';
import type { Job } from './job.ts';
import type { LaneLimits } from './limits.ts';
import type { ResponseHeaders } from './http/response-head.ts';
import type { Turn } from './http/turn.ts';

/** Told how each exchange ended; never before `start` has returned. */
export interface LaneOwner {
  readonly limits: LaneLimits;
  readonly connect: Connect;
  /** Absent in most runs: requests go out as the tasks say. */
  readonly identity: Identity | undefined;
  /** Lets the requests of a turn of the event loop go out together. */
  readonly turn: Turn<Connection>;
  onAnswer(lane: Lane): void;
  onFailure(lane: Lane, failure: Failure): void;
  onLaneClosed(lane: Lane): void;
}

/** One slot of concurrency bound to one origin, with one socket: sends a request, collects its answer. */
export class Lane implements ConnectionOwner, Expirable {
  readonly host: Host;
  /** When the exchange came to its turns. */
  readonly clock = new ExchangeClock();
  readonly #owner: LaneOwner;
  readonly #connection: Connection;
  #isClosing = false;
  job: Job | undefined;

  // The answer so far.
  status = 0;
  headers: ResponseHeaders = {};
  /** Bytes of the body on the wire. */
  received: Bytes = 0;
  /** Something of an answer has arrived. */
  gotBytes = false;
  /** The last byte of the answer has come. */
  isWhole = false;
  /** The exchange goes over a connection that an earlier one has used. */
  reused = false;
  #chunks: Buffer[] = [];
  /** Length of the body by Content-Length; -1: unknown. */
  #expected = -1;

  /** On `performance.now()`'s clock, of the exchange or, when the lane is idle, of its socket. */
  expiresAt = Number.POSITIVE_INFINITY;

  constructor(host: Host, owner: LaneOwner) {
    this.host = host;
    this.#owner = owner;
    this.#connection = new Connection(host.endpoint, owner.connect, owner.turn, this);
  }

  /** The request has been handed to the socket. */
  get written(): boolean {
    return this.clock.sentAt !== 0;
  }

  /** Starts an exchange. */
  start(job: Job, now: Milliseconds): void {
    const connection = this.#connection;
    this.job = job;
    this.status = this.received = 0;
    this.#expected = -1;
    this.#chunks = [];
    this.gotBytes = this.isWhole = false;
    this.reused = connection.isOpen;
    this.clock.start(now, this.host.isAddress);
    this.expiresAt = this.#attemptEnd(job);
    const { identity } = this.#owner;
    const request = identity === undefined ? job.request : identity.dress(job);
    if (request.bodyFile === undefined) {
      connection.send(pathOf(job), request);
    } else {
      void this.#sendFile(job, request, request.bodyFile);
    }
  }

  /** Sends what the file holds now. */
  async #sendFile(job: Job, request: RequestSpec, path: string): Promise<void> {
    const body = await readFile(path).catch((error: unknown) => error);
    if (this.job !== job) {
      return; // given up meanwhile
    }
    if (body instanceof Buffer) {
      this.#connection.send(pathOf(job), { ...request, body });
    } else {
      this.#fail(failure('BODY_FILE', `cannot read ${path}: ${messageOf(body)}`));
    }
  }

  /** The job of the exchange that has ended. */
  takeJob(): Job {
    const job = this.job!;
    this.job = undefined;
    return job;
  }

  /** The body on the wire, whole. Valid only until control returns to the socket. */
  get wireBody(): Buffer {
    const chunks = this.#chunks;
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  }

  /** It has no task now: its connection is kept for a while. */
  rest(): void {
    if (this.#connection.isOpen) {
      this.expiresAt = performance.now() + idleLimit(this.headers);
    }
  }

  /** Gives up what is under way: it fails with this reason. */
  abort(reason: Failure): void {
    if (this.job !== undefined) {
      this.#connection.destroy();
      this.#fail(reason);
    }
  }

  /** Closes the connection; the owner hears of it when the socket is gone. */
  close(): void {
    this.#isClosing = true;
    const isGone = !this.#connection.hasSocket;
    this.#connection.destroy();
    if (isGone) {
      this.#owner.onLaneClosed(this);
    }
  }

  expire(now: Milliseconds): void {
    const { job, clock } = this;
    const { connectTimeout, taskTimeout } = this.#owner.limits;
    const timeout = this.#timeoutOf(job);
    if (job === undefined) {
      this.expiresAt = Number.POSITIVE_INFINITY;
      this.#connection.destroy(); // idle for long: the next exchange opens another
    } else if (job.startedAt + taskTimeout <= now) {
      this.abort(failure('TASK_TIMEOUT', `${this.host.origin}: no answer within ${taskTimeout} ms in all`));
    } else if (clock.startedAt + timeout <= now) {
      this.abort(
        failure('TOTAL_TIMEOUT', `${this.host.origin}: ${missing[clock.phase]} within ${timeout} ms`),
      );
    } else {
      this.abort(
        failure(
          'CONNECT_TIMEOUT',
          `${this.host.origin}: ${missing[clock.phase]} within ${connectTimeout} ms`,
        ),
      );
    }
  }

  // ── what the connection calls

  onConnecting(now: Milliseconds): void {
    this.reused = false; // what was open when the exchange began has been lost since
    this.expiresAt = Math.min(this.expiresAt, now + this.#owner.limits.connectTimeout);
  }

  onConnected(): void {
    if (this.job !== undefined) {
      this.expiresAt = this.#attemptEnd(this.job);
    }
  }

  onBytes(): void {
    this.gotBytes = true;
  }

  onHead(status: number, headers: ResponseHeaders, length: number): void {
    this.clock.headAt = performance.now();
    this.status = status;
    this.headers = headers;
    this.#expected = length;
    if (this.job !== undefined) {
      this.#owner.identity?.onHead(this.job.url, headers);
    }
  }

  onBody(bytes: Buffer): void {
    if (this.job === undefined) {
      return; // given up a moment ago
    }
    const { maxBody, keepBody } = this.#owner.limits;
    this.received += bytes.length;
    if (this.received > maxBody) {
      this.abort(failure('BODY_TOO_LARGE', `${this.host.origin}: the body is larger than ${maxBody} bytes`));
    } else if (keepBody) {
      // The bytes lie in memory that the next read overwrites; only a whole body is used before that.
      this.#chunks.push(bytes.length === this.#expected ? bytes : Buffer.from(bytes));
    }
  }

  onEnd(): void {
    this.isWhole = true;
    this.expiresAt = Number.POSITIVE_INFINITY;
    this.#owner.onAnswer(this);
  }

  onError(error: Error | undefined): void {
    const { phase } = this.clock;
    this.#fail(
      error === undefined
        ? failure('CONNECTION_CLOSED', `${this.host.origin}: the server closed the connection`)
        : classifyError(error, { phase, host: this.host.origin }),
    );
  }

  onGone(): void {
    if (this.#isClosing) {
      this.#owner.onLaneClosed(this);
    }
  }

  #fail(reason: Failure): void {
    this.expiresAt = Number.POSITIVE_INFINITY;
    this.#owner.onFailure(this, reason);
  }

  /** When the attempt has to have ended, its connecting aside. */
  #attemptEnd(job: Job): Milliseconds {
    const { taskTimeout } = this.#owner.limits;
    return Math.min(this.clock.startedAt + this.#timeoutOf(job), job.startedAt + taskTimeout);
  }

  #timeoutOf(job: Job | undefined): Milliseconds {
    return job?.task.timeoutMs ?? this.#owner.limits.timeout;
  }
}

/** What had not come when time was up. */
const missing = {
  dns: 'no address',
  connect: 'no connection',
  tls: 'no TLS handshake',
  request: 'no answer',
  response: 'no whole answer',
} as const;
