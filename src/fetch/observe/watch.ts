import type { Failure } from '../../model/failure.ts';
import type { RunObserver } from '../../model/observer.ts';
import { taskFailed } from '../../model/of-task.ts';
import type { Milliseconds, PerSecond } from '../../model/units.ts';
import type { EndingsListener, EndingsWatch } from '../endings.ts';
import type { Host } from '../host.ts';
import type { Job } from '../job.ts';
import type { Lane, LaneOwner } from '../lane.ts';
import { exchangeEnded, ofJob } from './exchange.ts';
import { hostBefore, hostChanges } from './host-changes.ts';
import { LaneNumbers } from './lane-numbers.ts';
import { WatchedOwner } from './watched-owner.ts';

/**
 * Tells an observer what the engine does. It stands between the engine and its parts, so that a run
 * without an observer has nothing of it.
 */
export class Watch implements EndingsWatch {
  readonly #tell: RunObserver;
  readonly #numbers = new LaneNumbers();
  /** The learnt rates that were told last. */
  readonly #rates = new WeakMap<Host, PerSecond>();

  constructor(observer: RunObserver) {
    this.#tell = observer;
  }

  /** The same owner of lanes, seen. `capacity`: how many exchanges may be under way. */
  owner(owner: LaneOwner, capacity: () => number): LaneOwner {
    return new WatchedOwner(owner, {
      numbers: this.#numbers,
      tell: this.#tell,
      around: (lane, reason, end) => this.#around(lane, reason, end, capacity),
    });
  }

  endings(listener: EndingsListener): EndingsListener {
    return {
      ...listener,
      onRecord: (record) => {
        if (record.error !== undefined) {
          this.#tell(taskFailed(record, record.error, performance.now()));
        }
        listener.onRecord(record);
      },
    };
  }

  retry(lane: Lane, job: Job, cause: string, delayMs: Milliseconds, at: Milliseconds): void {
    const attempt = { lane: this.#numbers.of(lane), url: job.url, attempt: job.attempts };
    this.#tell({ event: 'retry', at, ...ofJob(job), ...attempt, delayMs, cause });
  }

  redirect(lane: Lane, job: Job, to: string, at: Milliseconds): void {
    const { status } = lane;
    const where = { lane: this.#numbers.of(lane), status, from: job.url, to };
    this.#tell({ event: 'redirect', at, ...ofJob(job), ...where });
  }

  /** Tells of an exchange that ends, and of what its end, taken in by `end`, does to its host. */
  #around(lane: Lane, reason: Failure | undefined, end: () => void, capacity: () => number): void {
    const { host, job, status } = lane;
    const at = performance.now();
    if (job !== undefined) {
      this.#tell(exchangeEnded(lane, job, this.#numbers.of(lane), reason, at));
    }
    const before = hostBefore(host);
    const couldBe = capacity();
    end();
    const trouble = reason?.code ?? (status >= 400 ? `HTTP ${status}` : undefined);
    for (const event of hostChanges(before, this.#rates.get(host), trouble, at)) {
      if (event.event === 'rate') {
        this.#rates.set(host, event.to);
      }
      this.#tell(event);
    }
    if (reason?.code === 'TOO_MANY_OPEN_FILES' && capacity() < couldBe) {
      this.#tell({ event: 'concurrency', at, from: couldBe, to: capacity(), cause: reason.code });
    }
  }
}
