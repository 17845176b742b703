import type { AutoConcurrency } from '../../model/stats.ts';
import type { Milliseconds } from '../../model/units.ts';
import type { Host } from '../host.ts';
import { Tuner, type TunerLimits } from './tuner.ts';

/** Hosts in the summary. */
const shown = 10;

/** Of so many hosts even nothing is remembered. */
const remembered = 1_000;

/**
 * The tuners of all hosts. A host that has nothing to do is forgotten; what was learnt about it is
 * kept, but not for the many of which nothing was learnt.
 */
export class Tuners {
  readonly #limits: TunerLimits;
  readonly #tuners = new Map<string, Tuner>();

  constructor(limits: TunerLimits) {
    this.#limits = limits;
  }

  /** Gives a host its tuner. */
  adopt(host: Host): void {
    const known = this.#tuners.get(host.origin);
    if (known === undefined) {
      const tuner = new Tuner(host, this.#limits);
      host.tuner = tuner;
      this.#tuners.set(host.origin, tuner);
    } else {
      known.attach(host);
      host.tuner = known;
    }
  }

  /** The host is forgotten. */
  release(host: Host): void {
    if (this.#tuners.size > remembered && this.#tuners.get(host.origin)?.hasLearnt === false) {
      this.#tuners.delete(host.origin);
    }
  }

  /** What was found, for the hosts with the most requests. */
  figures(now: Milliseconds): AutoConcurrency {
    const hosts = Array.from(this.#tuners.values(), (tuner) => tuner.figures(now));
    return { mode: 'auto', hosts: hosts.sort((a, b) => b.requests - a.requests).slice(0, shown) };
  }
}
