import type { BreakerRule } from '../model/options/breaker-rule.ts';
import { failure, type Failure } from '../model/failure.ts';
import type { TrippedHost } from '../model/stats.ts';
import { Breaker } from './breaker.ts';
import type { Host } from './host.ts';

/** Hosts in the summary. */
const shown = 10;

/** Of so many hosts even what has not tripped is remembered. */
const remembered = 1_000;

/** `--breaker`: the breakers of all hosts, which outlive the hosts that are forgotten meanwhile. */
export class Breakers {
  readonly #rule: BreakerRule;
  readonly #breakers = new Map<string, Breaker>();

  constructor(rule: BreakerRule) {
    this.#rule = rule;
  }

  /** Gives a host its breaker. */
  adopt(host: Host): void {
    const breaker = this.#breakers.get(host.origin) ?? new Breaker(this.#rule);
    this.#breakers.set(host.origin, breaker);
    host.breaker = breaker;
  }

  /** The host is forgotten. */
  release({ origin, breaker }: Host): void {
    if (this.#breakers.size > remembered && breaker?.pauses === 0) {
      this.#breakers.delete(origin);
    }
  }

  /** Why nothing is sent to an origin any more. */
  refusal(origin: string): Failure | undefined {
    const breaker = this.#breakers.get(origin);
    return breaker?.isDown === true
      ? failure('HOST_DOWN', `${origin}: given up after ${breaker.pauses} pauses of --breaker`)
      : undefined;
  }

  /** Those that were paused, the most often paused first. */
  figures(): TrippedHost[] {
    return Array.from(this.#breakers, ([host, { pauses, isDown }]) => ({ host, pauses, isDown }))
      .filter(({ pauses }) => pauses > 0)
      .sort((a, b) => Number(b.isDown) - Number(a.isDown) || b.pauses - a.pauses)
      .slice(0, shown);
  }
}
