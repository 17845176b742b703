import { failure, type Failure } from '../model/failure.ts';
import type { RequestSpec } from '../model/task.ts';
import type { Bytes, Milliseconds } from '../model/units.ts';
import { pathOf } from '../model/url.ts';
import { classifyError } from './policy/classify.ts';
import { ExchangeClock } from './clock.ts';
import type { Channel, ChannelOwner, Channels, Unprocessed } from './http/channel.ts';
import { idleLimit } from './http/keep-alive.ts';
import type { Expirable } from './deadlines.ts';
import type { Host } from './host.ts';
import type { Identity } from './identity/identity.ts';
import type { Job } from './job.ts';
import type { LaneLimits } from './limits.ts';
import { missingAt } from './missing.ts';
import type { Prepare, Preparing } from './prepare.ts';
import type { ResponseHeaders } from './http/response-head.ts';

/** Told how each exchange ended; never before `start` has returned. */
export interface LaneOwner {
  readonly limits: LaneLimits;
  readonly channels: Channels;
  /** Absent in most runs: requests go out as the tasks say. */
  readonly identity: Identity | undefined;
  readonly prepare: Prepare;
  onAnswer(lane: Lane): void;
  onFailure(lane: Lane, failure: Failure): void;
  onLaneClosed(lane: Lane): void;
  /** Its request is not to be sent, for the run is broken. */
  onUnsent(lane: Lane): void;
}

/** One slot of concurrency bound to one origin, with one channel: sends a request, collects its answer. */
export class Lane implements ChannelOwner, Expirable {
  readonly host: Host;
  /** When the exchange came to its turns. */
  readonly clock = new ExchangeClock();
  readonly #owner: LaneOwner;
  readonly channel: Channel;
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
  /** The server has said that it did nothing of the request. */
  unprocessed: Unprocessed | undefined;
  #chunks: Buffer[] = [];
  /** Length of the body by Content-Length; -1: unknown. */
  #expected = -1;

  /** On `performance.now()`'s clock, of the exchange or, when the lane is idle, of its socket. */
  expiresAt = Number.POSITIVE_INFINITY;

  constructor(host: Host, owner: LaneOwner) {
    this.host = host;
    this.#owner = owner;
    this.channel = owner.channels.open(host.endpoint, this);
  }

  /** The request has been handed to the socket, and the server may have acted on it. */
  get written(): boolean {
    return this.clock.sentAt !== 0 && this.unprocessed === undefined;
  }

  /** Starts an exchange. */
  start(job: Job, now: Milliseconds): void {
    const channel = this.channel;
    this.job = job;
    this.status = this.received = 0;
    this.#expected = -1;
    this.#chunks = [];
    this.gotBytes = this.isWhole = false;
    this.unprocessed = undefined;
    this.reused = channel.isOpen;
    this.clock.start(now, this.host.isAddress);
    this.expiresAt = this.#attemptEnd(job);
    const preparing = this.#owner.prepare(job);
    if (preparing === undefined) {
      channel.send(pathOf(job), this.#dressed(job, job.request));
    } else {
      void this.#sendLater(job, now, preparing);
    }
  }

  #dressed(job: Job, request: RequestSpec): RequestSpec {
    const { identity } = this.#owner;
    return identity === undefined ? request : identity.dress(job, request);
  }

  /** Sends what has to be made ready first, unless it is given up meanwhile (and perhaps begun again). */
  async #sendLater(job: Job, startedAt: Milliseconds, preparing: Preparing): Promise<void> {
    const prepared = await preparing;
    if (this.job !== job || this.clock.startedAt !== startedAt) {
      return;
    }
    if (prepared === undefined) {
      this.#owner.onUnsent(this);
    } else if ('kind' in prepared) {
      this.#fail(prepared);
    } else {
      this.channel.send(pathOf(job), this.#dressed(job, prepared));
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
    if (this.channel.isOpen) {
      this.expiresAt = performance.now() + idleLimit(this.headers);
    }
  }

  /** Gives up what is under way: it fails with this reason. */
  abort(reason: Failure): void {
    if (this.job !== undefined) {
      this.channel.destroy();
      this.#fail(reason);
    }
  }

  /** Closes the connection; the owner hears of it when the socket is gone. */
  close(): void {
    this.#isClosing = true;
    const isGone = !this.channel.hasSocket;
    this.channel.destroy();
    if (isGone) {
      this.#owner.onLaneClosed(this);
    }
  }

  expire(now: Milliseconds): void {
    const { job, clock } = this;
    const { connectTimeout, taskTimeout } = this.#owner.limits;
    const timeout = this.#timeoutOf(job);
    const missing = missingAt(clock.phase, this.host.endpoint.proxy);
    if (job === undefined) {
      this.expiresAt = Number.POSITIVE_INFINITY;
      this.channel.destroy(); // idle for long: the next exchange opens another
    } else if (job.startedAt + taskTimeout <= now) {
      this.abort(failure('TASK_TIMEOUT', `${this.host.origin}: no answer within ${taskTimeout} ms in all`));
    } else if (clock.startedAt + timeout <= now) {
      this.abort(failure('TOTAL_TIMEOUT', `${this.host.origin}: ${missing} within ${timeout} ms`));
    } else {
      this.abort(failure('CONNECT_TIMEOUT', `${this.host.origin}: ${missing} within ${connectTimeout} ms`));
    }
  }

  // ── what the channel calls

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
      this.#owner.identity?.onHead(this.job, status, headers);
    }
    this.#limitBody(length);
  }

  onBody(bytes: Buffer): void {
    if (this.job === undefined) {
      return; // given up a moment ago
    }
    this.received += bytes.length;
    if (this.#limitBody(this.received) && this.#owner.limits.keepBody) {
      // The bytes lie in memory that the next read overwrites; only a whole body is used before that.
      this.#chunks.push(bytes.length === this.#expected ? bytes : Buffer.from(bytes));
    }
  }

  onEnd(): void {
    this.isWhole = true;
    this.expiresAt = Number.POSITIVE_INFINITY;
    this.#owner.onAnswer(this);
  }

  onError(error: Error | undefined, unprocessed?: Unprocessed): void {
    const { phase } = this.clock;
    this.unprocessed = unprocessed;
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

  /** Whether a body of that length is allowed; a larger one ends the exchange. */
  #limitBody(length: Bytes): boolean {
    const maxBody = this.job?.maxBody ?? this.#owner.limits.maxBody;
    if (length > maxBody) {
      this.abort(failure('BODY_TOO_LARGE', `${this.host.origin}: the body is larger than ${maxBody} bytes`));
    }
    return length <= maxBody;
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
