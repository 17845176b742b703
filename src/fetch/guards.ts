import type { Failure } from '../model/failure.ts';
import type { ResolvedOptions } from '../model/options/options.ts';
import type { TrippedHost } from '../model/stats.ts';
import type { Task } from '../model/task.ts';
import type { Breakers } from './breakers.ts';
import type { Errand } from './errand.ts';
import type { Host } from './host.ts';
import type { Hosts } from './hosts.ts';
import { Job } from './job.ts';
import type { Robots } from './robots/robots.ts';

/** What the guards may do with tasks. */
export interface GuardsListener {
  /** Goes before all that waits for its host. */
  readonly onErrand: (errand: Errand) => void;
  /** What was kept comes again. */
  readonly onBack: (waited: readonly (Task | Job)[]) => void;
  /** It ends without an exchange. */
  readonly onRefused: (job: Job, reason: Failure) => void;
}

/** What keeps tasks from the queue, for a while or for good: `--respect-robots` and `--breaker`. */
export class Guards {
  readonly #listener: GuardsListener;
  readonly #robots: Robots | undefined;
  readonly #breakers: Breakers | undefined;

  constructor(listener: GuardsListener, robots: Robots | undefined, breakers: Breakers | undefined) {
    this.#listener = listener;
    this.#robots = robots;
    this.#breakers = breakers;
  }

  /** Whether the task is not to be queued: it will come again, or has ended. */
  keeps(one: Task | Job): boolean {
    const reason = this.#breakers?.refusal(one.origin);
    if (reason !== undefined) {
      this.#listener.onRefused(jobOf(one), reason);
      return true;
    }
    return this.#robots?.keeps(one) === true;
  }

  /** An exchange with the host has ended: when that was the last straw, what waits for it ends too. */
  afterExchange({ origin, breaker, waiting }: Host): void {
    const reason = breaker?.isDown === true ? this.#breakers?.refusal(origin) : undefined;
    if (reason !== undefined) {
      for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
        const job = jobOf(one);
        if (!job.isSettled) {
          this.#listener.onRefused(job, reason);
        }
      }
    }
  }

  /** Hosts that `--breaker` has paused; undefined without it. */
  get tripped(): readonly TrippedHost[] | undefined {
    return this.#breakers?.figures();
  }
}

/** The guards that the options ask for, each loaded only when it is used; undefined: none. */
export async function openGuards(
  { respectRobots, breaker }: ResolvedOptions,
  hosts: Hosts,
  listener: GuardsListener,
): Promise<Guards | undefined> {
  if (!respectRobots && breaker === undefined) {
    return undefined;
  }
  const robots = respectRobots ? await openRobots(hosts, listener) : undefined;
  const breakers = breaker === undefined ? undefined : new (await import('./breakers.ts')).Breakers(breaker);
  hosts.keepers.push(...[robots, breakers].filter((keeper) => keeper !== undefined));
  return new Guards(listener, robots, breakers);
}

async function openRobots(hosts: Hosts, listener: GuardsListener): Promise<Robots> {
  const { Robots } = await import('./robots/robots.ts');
  const robots = new Robots({
    onErrand: listener.onErrand,
    onRules: (origin, waited) => {
      hosts.readopt(origin, robots);
      listener.onBack(waited);
    },
    onRefused: (one, reason) => listener.onRefused(jobOf(one), reason),
  });
  return robots;
}

function jobOf(one: Task | Job): Job {
  return one instanceof Job ? one : new Job(one);
}
