import type { ConnectionFigures } from '../database.ts';
import { AwayError } from '../errors.ts';
import { cancel } from './cancel.ts';
import { bytesOf, cut, part, type Client } from './connection.ts';
import { faultOf, isFull, type Work } from './faults.ts';
import { whileThere } from './silence.ts';

/** Connects, once; `onLost` is told when that connection is gone. */
export type Connect = (onLost: (client: Client) => void) => Promise<Client>;

/** Who waits for a connection. */
interface Waiter {
  readonly sinceMs: number;
  /** Undefined: there is room for a new one. */
  resolve(client: Client | undefined): void;
  reject(error: Error): void;
}

/** So many connections at most; whoever finds none waits for the next that is given back. */
export class Pool {
  readonly #connect: Connect;
  #most: number;
  readonly #open = new Set<Client>();
  /** The last one given back is the first one taken: the others may be closed by the server. */
  readonly #idle: Client[] = [];
  readonly #waiters: Waiter[] = [];
  /** Connections that are being made. */
  #coming = 0;
  #isClosed = false;
  #figures = { most: 0, waits: 0, waitedMs: 0, longestWaitMs: 0 };

  constructor(connect: Connect, most: number) {
    this.#connect = connect;
    this.#most = most;
  }

  get figures(): ConnectionFigures {
    return this.#figures;
  }

  /** Does something with a connection. Throws what the failure means. */
  async use<T>(work: Work, action: (client: Client) => Promise<T>): Promise<T> {
    const client = await this.take();
    try {
      const result = await this.answer(client, action(client));
      this.giveBack(client);
      return result;
    } catch (error) {
      const fault = faultOf(error, work);
      if (fault === error || fault instanceof AwayError) {
        this.drop(client); // who knows what state it is in
      } else {
        this.giveBack(client);
      }
      throw fault;
    }
  }

  /** Throws an `AwayError` or a `StatementError`. Whoever takes one gives it back or drops it. */
  async take(): Promise<Client> {
    if (this.#isClosed) {
      throw closed();
    }
    const idle = this.#idle.pop();
    return idle ?? (this.#hasRoom() ? await this.#grow() : await this.#wait());
  }

  /** Waits for an answer, as long as the server is there. */
  answer<T>(client: Client, answer: Promise<T>): Promise<T> {
    return whileThere(answer, {
      bytes: () => bytesOf(client),
      probe: () => this.#probe(),
      giveUp: () => cut(client),
    });
  }

  /** It is fit for another. */
  giveBack(client: Client): void {
    if (this.#open.has(client)) {
      const waiter = this.#waiters.shift();
      if (waiter === undefined) {
        this.#idle.push(client);
      } else {
        waiter.resolve(client);
      }
    }
  }

  /** It is not: it is cut off. */
  drop(client: Client): void {
    cut(client);
    this.#onLost(client);
  }

  /** Those that are in use are cut off, and what they do on the server with them. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const waiter of this.#waiters.splice(0)) {
      waiter.reject(closed());
    }
    const idle = new Set(this.#idle.splice(0));
    const inUse = [...this.#open].filter((client) => !idle.has(client));
    const cancelled = inUse.map((client) => {
      cut(client);
      return cancel(client);
    });
    await Promise.all([...[...idle].map(part), ...cancelled]);
  }

  /** Rejects when the server does not answer; that it has no room for another is an answer. */
  async #probe(): Promise<void> {
    try {
      await part(await this.#connect(() => {}));
    } catch (error) {
      if (!isFull(error)) {
        throw error;
      }
    }
  }

  #hasRoom(): boolean {
    return this.#open.size + this.#coming < this.#most;
  }

  async #grow(): Promise<Client> {
    this.#coming++;
    try {
      const client = await this.#connect((client) => this.#onLost(client));
      if (this.#isClosed) {
        cut(client);
        throw closed();
      }
      this.#open.add(client);
      this.#figures.most = Math.max(this.#figures.most, this.#open.size);
      return client;
    } catch (error) {
      if (!isFull(error) || this.#open.size === 0) {
        throw error;
      }
      // The server takes no more of us: those that there are have to do.
      this.#most = this.#open.size;
    } finally {
      this.#coming--;
      this.#makeRoom();
    }
    return this.take();
  }

  async #wait(): Promise<Client> {
    const { promise, resolve, reject } = Promise.withResolvers<Client | undefined>();
    const waiter = { sinceMs: performance.now(), resolve, reject };
    this.#waiters.push(waiter);
    const client = await promise;
    const waitedMs = performance.now() - waiter.sinceMs;
    this.#figures.waits++;
    this.#figures.waitedMs += waitedMs;
    this.#figures.longestWaitMs = Math.max(this.#figures.longestWaitMs, waitedMs);
    return client ?? this.take();
  }

  #onLost(client: Client): void {
    this.#open.delete(client);
    const index = this.#idle.indexOf(client);
    if (index !== -1) {
      this.#idle.splice(index, 1);
    }
    this.#makeRoom();
  }

  /** Whoever waits longest may make a connection of its own. */
  #makeRoom(): void {
    if (this.#hasRoom()) {
      this.#waiters.shift()?.resolve(undefined);
    }
  }
}

function closed(): Error {
  return new AwayError('it was closed');
}
