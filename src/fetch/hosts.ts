import type { Task } from '../model/task.ts';
import { timerDelay, type Milliseconds } from '../model/units.ts';
import { Fifo } from './fifo.ts';
import { Host, type HostSettings } from './host.ts';
import { Job } from './job.ts';

/** What gives each host what it keeps about it for longer: its tuner, its breaker, its pace. */
export interface HostKeeper {
  adopt(host: Host): void;
  /** The host is forgotten. */
  release(host: Host): void;
}

/**
 * The waiting tasks by origin, and the ring of origins that may start one: those with a waiting task
 * and room for it. An origin that has started one goes to the end of the ring.
 */
export class Hosts {
  readonly #hosts = new Map<string, Host>();
  readonly #ring = new Fifo<Host>();
  readonly #settings: HostSettings;
  /** None in most runs. */
  readonly keepers: HostKeeper[] = [];
  readonly #onWake: () => void;

  /** `onWake` is called when a pause or a pace that held a host back is over. */
  constructor(settings: HostSettings, onWake: () => void) {
    this.#settings = settings;
    this.#onWake = onWake;
  }

  /** Hosts with a task or a connection. */
  get size(): number {
    return this.#hosts.size;
  }

  /** All of them, in no order. */
  get all(): Iterable<Host> {
    return this.#hosts.values();
  }

  /** How many exchanges all hosts together may have under way. */
  get mostActive(): number {
    let sum = 0;
    for (const { mostActive } of this.#hosts.values()) {
      sum += mostActive;
    }
    return sum;
  }

  enqueue(task: Task): void {
    const host = this.#hostOf(task.origin);
    host.waiting.push(task);
    this.markReady(host);
  }

  /** For tasks that have begun: redirect hops and retries go before those that have not. */
  enqueueFirst(job: Job): void {
    const host = this.#hostOf(job.origin);
    host.waiting.unshift(job);
    this.markReady(host);
  }

  /** Puts the host at the end of the ring, if it has something to start and is not there. */
  markReady(host: Host): void {
    if (!host.isReady && host.waiting.length > 0 && host.hasRoom) {
      host.isReady = true;
      this.#ring.push(host);
    }
  }

  /**
   * The host that has waited longest among those that may start a task now. With `only`, just the
   * host whose next task has that index.
   */
  next(now: Milliseconds, only: number | undefined): Host | undefined {
    for (let left = this.#ring.length; left > 0; left--) {
      const host = this.#ring.shift()!;
      host.isReady = false;
      const wait = host.wait(now);
      if (wait > 0) {
        this.#wakeLater(host, wait);
      } else if (host.hasNext && host.hasRoom) {
        if (only === undefined || host.promote(only)) {
          return host;
        }
        this.markReady(host);
      }
    }
    return undefined;
  }

  /** Takes the host's next task, counts its start, and leaves the host ready for another. */
  takeJob(host: Host, now: Milliseconds): Job {
    const next = host.waiting.shift()!;
    const job = next instanceof Job ? next : new Job(next);
    host.take(now);
    this.markReady(host);
    return job;
  }

  /** The host starts nothing for a while. */
  pause(host: Host, forMs: Milliseconds, now: Milliseconds): void {
    host.pausedUntil = Math.max(host.pausedUntil, now + forMs);
  }

  /** What a keeper has for an origin is another now. */
  readopt(origin: string, keeper: HostKeeper): void {
    const host = this.#hosts.get(origin);
    if (host !== undefined) {
      keeper.adopt(host);
    }
  }

  /** Lets go of a host with which nothing is left to do, so that a list of a million hosts fits. */
  forget(host: Host): void {
    if (host.isSpent && host.timer === undefined && host.pausedUntil <= performance.now()) {
      for (const keeper of this.keepers) {
        keeper.release(host);
      }
      this.#hosts.delete(host.origin);
    }
  }

  clearTimers(): void {
    for (const host of this.#hosts.values()) {
      clearTimeout(host.timer);
      host.timer = undefined;
    }
  }

  #hostOf(origin: string): Host {
    let host = this.#hosts.get(origin);
    if (host === undefined) {
      host = new Host(origin, this.#settings);
      for (const keeper of this.keepers) {
        keeper.adopt(host);
      }
      this.#hosts.set(origin, host);
    }
    return host;
  }

  #wakeLater(host: Host, wait: Milliseconds): void {
    host.timer ??= setTimeout(() => {
      host.timer = undefined;
      this.markReady(host);
      this.#onWake();
    }, timerDelay(wait));
  }
}
