import { Fifo } from './fifo.ts';
import type { Host } from './host.ts';
import { Lane, type LaneOwner } from './lane.ts';

type Use = (lane: Lane) => void;

/** Sockets done without beside those that the system refuses: files and lookups of names need some too. */
const reserve = 8;

/**
 * All lanes, never more than the cap, over however many hosts: a lane for a new host takes the place
 * of the one that has been idle longest, and starts when that one's socket is really gone.
 */
export class LanePool {
  /** Those with a socket, or about to have one. */
  readonly lanes = new Set<Lane>();
  #cap: number;
  #reserve = reserve;
  readonly #owner: LaneOwner;
  /** All idle lanes, in the order in which they became idle. */
  readonly #idle = new Set<Lane>();
  /** The same by host, the one used last on top: its connection is the likeliest to be alive. */
  readonly #idleOf = new Map<Host, Lane[]>();
  readonly #awaitingPlace = new Fifo<{ readonly host: Host; readonly use: Use }>();
  #onEmpty: (() => void) | undefined;

  constructor(cap: number, owner: LaneOwner) {
    this.#cap = cap;
    this.#owner = owner;
  }

  /** Calls `use` with a lane of that host: at once, or when a socket of another host has closed. */
  laneFor(host: Host, use: Use): void {
    const lane = this.#idleOf.get(host)?.pop();
    if (lane !== undefined) {
      this.#idle.delete(lane);
      use(lane);
    } else if (this.lanes.size < this.#cap) {
      use(this.#open(host));
    } else {
      this.#awaitingPlace.push({ host, use });
      this.#evict();
    }
  }

  /** Forgets those that wait for a place; how many there were. */
  dropWaiting(): number {
    const count = this.#awaitingPlace.length;
    while (this.#awaitingPlace.shift() !== undefined);
    return count;
  }

  /**
   * The system has refused a lane its socket, or a file for a lookup or a body: lanes close as they
   * become idle, until no more are left than have sockets, but at least one. Gives how many may be.
   */
  lower(lane: Lane): number {
    const { connectAt, phase } = lane.clock;
    const isSocket = connectAt !== 0 && phase === 'connect';
    // Lanes that are about to close make room for files, however many are refused meanwhile.
    if (isSocket || this.lanes.size <= this.#cap) {
      this.#cap = Math.max(1, Math.min(this.#cap, this.lanes.size) - 1 - this.#reserve);
      this.#reserve = 0;
    }
    return this.#cap;
  }

  /** The lane has no task now. */
  putBack(lane: Lane): void {
    if (this.lanes.size > this.#cap) {
      lane.close();
      return;
    }
    lane.rest();
    this.#idle.add(lane);
    const idle = this.#idleOf.get(lane.host);
    if (idle === undefined) {
      this.#idleOf.set(lane.host, [lane]);
    } else {
      idle.push(lane);
    }
  }

  /** The lane's socket is gone: its place is free. */
  onClosed(lane: Lane): void {
    this.lanes.delete(lane);
    if (--lane.host.lanes === 0) {
      this.#idleOf.delete(lane.host);
    }
    const next = this.#awaitingPlace.shift();
    if (next !== undefined) {
      next.use(this.#open(next.host));
    }
    if (this.lanes.size === 0) {
      this.#onEmpty?.();
    }
  }

  /** Closes all lanes; resolves when no socket is left. */
  async close(): Promise<void> {
    if (this.lanes.size > 0) {
      const empty = new Promise<void>((resolve) => {
        this.#onEmpty = resolve;
      });
      for (const lane of this.lanes) {
        lane.close();
      }
      await empty;
    }
  }

  #open(host: Host): Lane {
    const lane = new Lane(host, this.#owner);
    this.lanes.add(lane);
    host.lanes++;
    return lane;
  }

  /** The longest idle lane lies at the bottom of its host's, which are a stack. */
  #evict(): void {
    const lane = this.#idle.values().next().value;
    if (lane === undefined) {
      return; // the cap was lowered, and one is closing
    }
    this.#idle.delete(lane);
    this.#idleOf.get(lane.host)!.shift();
    lane.close();
  }
}
