import type { Failure } from '../model/failure.ts';
import type { ResolvedOptions } from '../model/options/options.ts';
import type { ProxyChoice } from '../model/proxy/proxy-choice.ts';
import type { AutoConcurrency, TrippedHost } from '../model/stats.ts';
import type { Task } from '../model/task.ts';
import { timerDelay, type Milliseconds } from '../model/units.ts';
import { openGuards, type Guards } from './guards.ts';
import type { Host } from './host.ts';
import { Hosts } from './hosts.ts';
import { Job } from './job.ts';
import type { LanePool } from './lane-pool.ts';
import type { Lane } from './lane.ts';
import { capOf } from './limits.ts';
import { Pace } from './pace.ts';
import type { Tuners } from './auto/tuners.ts';

/** What holds admission back from outside, and who is told of a start. */
export interface AdmissionSettings {
  /** The sink is behind: nothing may start. */
  readonly isBlocked: () => boolean;
  /** When set, only the task with that index may start. */
  readonly onlyIndex: () => number | undefined;
  readonly onStart: (job: Job) => void;
  /** It ends without a further exchange. */
  readonly onRefused: (job: Job, reason: Failure) => void;
  /** Fewer tasks run at once from now on: told the first time. */
  readonly onLowered: () => void;
  /** Which hosts are behind a proxy; absent: none. */
  readonly proxyOf?: ProxyChoice | undefined;
}

/** A few batches: reading goes on long before the lanes run out. */
const enoughForOneHost = 2048;

/**
 * Which task runs when. Tasks wait by origin; a lane that ends one takes the next of its own origin
 * while there is one that may start, else the origin that has waited longest gets a lane.
 */
export class Admission {
  #concurrency: number;
  #isLowered = false;
  readonly #queueSize: number;
  readonly #settings: AdmissionSettings;
  readonly #hosts: Hosts;
  readonly #pool: LanePool;
  readonly #pace: Pace | undefined;
  #tuners: Tuners | undefined;
  #guards: Guards | undefined;
  #paceTimer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #inFlight = 0;
  #requests = 0;

  constructor(options: ResolvedOptions, pool: LanePool, settings: AdmissionSettings) {
    this.#concurrency = capOf(options);
    this.#queueSize = options.queueSize;
    this.#settings = settings;
    this.#hosts = new Hosts({ ...options, proxyOf: settings.proxyOf }, () => this.pump());
    this.#pool = pool;
    this.#pace = options.rate === undefined ? undefined : new Pace(options.rate);
  }

  /** Has at hand what only some options need, and is loaded only then. To be awaited before the first task. */
  async open(options: ResolvedOptions): Promise<void> {
    if (options.concurrency === 'auto') {
      await this.#tune(options);
    }
    this.#guards = await openGuards(options, this.#hosts, {
      onErrand: (errand) => this.#hosts.enqueueFirst(errand),
      onBack: (waited) => this.#takeBack(waited),
      onRefused: this.#settings.onRefused,
    });
  }

  /** `--concurrency auto`: has the limit of each host found while the run goes on. */
  async #tune(options: ResolvedOptions): Promise<void> {
    const { Tuners } = await import('./auto/tuners.ts');
    const cap = Math.min(this.#concurrency, options.perHost ?? Number.POSITIVE_INFINITY);
    const tuners = new Tuners({ cap, longestPauseMs: options.retryMaxTime });
    this.#hosts.keepers.push(tuners);
    this.#tuners = tuners;
  }

  /** With `--concurrency auto`. */
  get isTuned(): boolean {
    return this.#tuners !== undefined;
  }

  /** What was found by itself so far. */
  get tuned(): AutoConcurrency {
    return this.#tuners?.figures(performance.now()) ?? { mode: 'auto', hosts: [] };
  }

  /** How many exchanges may be under way, as the limits of the hosts stand now. */
  get limit(): number {
    return Math.max(1, Math.min(this.#concurrency, this.#hosts.mostActive));
  }

  /** How many lanes could be at work: what was asked for, or what was found to be right by now. */
  get capacity(): number {
    return this.isTuned ? this.limit : this.#concurrency;
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

  /** Hosts with a task or a connection. */
  get hosts(): Iterable<Host> {
    return this.#hosts.all;
  }

  /** Exchanges started so far. */
  get requests(): number {
    return this.#requests;
  }

  /** Takes in a task that has not begun. Nothing starts before `pump`. */
  add(task: Task): void {
    if (this.#guards?.keeps(task) !== true) {
      this.#hosts.enqueue(task);
    }
  }

  /** Takes back a task that goes on, with a redirect or a retry: before those that have not begun. */
  goOn(job: Job): void {
    if (this.#guards?.keeps(job) !== true) {
      this.#hosts.enqueueFirst(job);
    }
  }

  /** Hosts that `--breaker` has paused. */
  get tripped(): readonly TrippedHost[] | undefined {
    return this.#guards?.tripped;
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
    this.#guards?.afterExchange(host);
    if (
      this.#inFlight < this.#concurrency &&
      host.hasRoom &&
      host.hasNext &&
      this.#mayStart(now) &&
      host.wait(now) === 0 &&
      this.#settings.onlyIndex() === undefined
    ) {
      this.#start(lane, this.#permit(host, now), now);
      if (host.tuner !== undefined && host.hasRoom) {
        this.pump(); // its limit has been raised
      }
    } else {
      this.#pool.putBack(lane);
      this.#hosts.markReady(host);
      this.pump();
    }
  }

  /** The system has no socket or file for a lane: fewer tasks run at once from now on. */
  lower(lane: Lane): void {
    this.#concurrency = this.#pool.lower(lane);
    if (!this.#isLowered) {
      this.#isLowered = true;
      this.#settings.onLowered();
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

  #takeBack(waited: readonly (Task | Job)[]): void {
    for (const one of waited) {
      if (!(one instanceof Job)) {
        this.add(one);
      } else if (!one.isSettled) {
        this.goOn(one);
      }
    }
    // A moment later, when the lane that what they waited for came by is free for them.
    setImmediate(() => this.pump());
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
      }, timerDelay(wait));
    }
    return wait === 0;
  }
}
