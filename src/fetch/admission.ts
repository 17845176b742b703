import type { ResolvedOptions } from '../model/options.ts';
import type { Task } from '../model/task.ts';
import type { Milliseconds } from '../model/units.ts';
import type { Host } from './host.ts';
import { Hosts } from './hosts.ts';
import type { Job } from './job.ts';
import type { LanePool } from './lane-pool.ts';
import type { Lane } from './lane.ts';
import { Pace } from './pace.ts';

/** What holds admission back from outside, and who is told of a start. */
export interface AdmissionSettings {
  /** The sink is behind: nothing may start. */
  readonly isBlocked: () => boolean;
  /** When set, only the task with that index may start. */
  readonly onlyIndex: () => number | undefined;
  readonly onStart: (job: Job) => void;
}

/** A few batches: reading goes on long before the lanes run out. */
const enoughForOneHost = 2048;

/**
 * Which task runs when. Tasks wait by origin; a lane that ends one takes the next of its own origin
 * while there is one that may start, else the origin that has waited longest gets a lane.
 */
export class Admission {
  readonly #concurrency: number;
  readonly #queueSize: number;
  readonly #settings: AdmissionSettings;
  readonly #hosts: Hosts;
  readonly #pool: LanePool;
  readonly #pace: Pace | undefined;
  #paceTimer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #inFlight = 0;
  #requests = 0;

  constructor(options: ResolvedOptions, pool: LanePool, settings: AdmissionSettings) {
    this.#concurrency = options.concurrency;
    this.#queueSize = options.queueSize;
    this.#settings = settings;
    this.#hosts = new Hosts(options, () => this.pump());
    this.#pool = pool;
    this.#pace = options.rate === undefined ? undefined : new Pace(options.rate);
  }

  /** Exchanges under way. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /**
   * How many tasks are worth reading ahead. Reading far serves to find other hosts; while one host
   * keeps all lanes busy there is nothing to find, and tasks that wait are memory.
   */
  get readAhead(): number {
    const isOneHostEnough = this.#hosts.size === 1 && this.#inFlight === this.#concurrency;
    return isOneHostEnough ? Math.min(this.#queueSize, enoughForOneHost) : this.#queueSize;
  }

  /** Exchanges started so far. */
  get requests(): number {
    return this.#requests;
  }

  /** Takes in a task that has not begun. Nothing starts before `pump`. */
  add(task: Task): void {
    this.#hosts.enqueue(task);
  }

  /** Takes back a task that goes on, with a redirect or a retry: before those that have not begun. */
  goOn(job: Job): void {
    this.#hosts.enqueueFirst(job);
  }

  /** The host of a lane starts nothing for a while. */
  pause(lane: Lane, forMs: Milliseconds, now: Milliseconds): void {
    this.#hosts.pause(lane.host, forMs, now);
  }

  /** Starts tasks while every limit allows it. */
  pump(): void {
    const now = performance.now();
    while (this.#inFlight < this.#concurrency && this.#mayStart(now)) {
      const host = this.#hosts.next(now, this.#settings.onlyIndex());
      if (host === undefined) {
        return;
      }
      const job = this.#permit(host, now);
      this.#pool.laneFor(host, (lane) => this.#start(lane, job, performance.now()));
    }
  }

  /** The lane's exchange has ended: it goes on with its own host, else it is idle and others may start. */
  release(lane: Lane, now: Milliseconds): void {
    const { host } = lane;
    host.active--;
    this.#inFlight--;
    if (
      host.hasNext &&
      this.#mayStart(now) &&
      host.wait(now) === 0 &&
      this.#settings.onlyIndex() === undefined
    ) {
      this.#start(lane, this.#permit(host, now), now);
    } else {
      this.#pool.putBack(lane);
      this.#hosts.markReady(host);
      this.pump();
    }
  }

  /** A lane's socket is gone. */
  onLaneClosed(lane: Lane): void {
    this.#pool.onClosed(lane);
    this.#hosts.forget(lane.host);
  }

  /** Nothing starts any more; tasks that have a permit but no lane yet lose it. */
  stop(): void {
    this.#isStopped = true;
    this.#inFlight -= this.#pool.dropWaiting();
    this.#hosts.clearTimers();
    clearTimeout(this.#paceTimer);
  }

  /** Counts the host's next task against every limit. */
  #permit(host: Host, now: Milliseconds): Job {
    this.#inFlight++;
    this.#pace?.take(now);
    return this.#hosts.takeJob(host, now);
  }

  #start(lane: Lane, job: Job, now: Milliseconds): void {
    job.begin(now);
    this.#requests++;
    this.#settings.onStart(job);
    lane.start(job, now);
  }

  #mayStart(now: Milliseconds): boolean {
    if (this.#isStopped || this.#settings.isBlocked()) {
      return false;
    }
    const wait = this.#pace?.wait(now) ?? 0;
    if (wait > 0) {
      this.#paceTimer ??= setTimeout(() => {
        this.#paceTimer = undefined;
        this.pump();
      }, Math.ceil(wait));
    }
    return wait === 0;
  }
}
