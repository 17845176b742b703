import type { Failure } from '../../model/failure.ts';
import type { FetchRecord } from '../../model/record.ts';
import type { Task } from '../../model/task.ts';
import type { Bytes, Milliseconds } from '../../model/units.ts';
import { Errand } from '../errand.ts';
import type { Host } from '../host.ts';
import type { Job } from '../job.ts';
import { Pace } from '../pace.ts';
import { carryOver } from '../policy/carry-over.ts';
import { productOf, rulesOf, type Rules } from './rules.ts';

/** What becomes of tasks, and of the requests for their hosts' rules. */
export interface RobotsListener {
  readonly onErrand: (errand: Errand) => void;
  /** They have waited for the rules, and may come again. */
  readonly onRules: (origin: string, waited: readonly (Task | Job)[]) => void;
  readonly onRefused: (one: Task | Job, reason: Failure) => void;
}

/** Five redirects at least (RFC 9309, 2.3.1.2). Of a longer file the first part counts. */
const limits = { maxRedirs: 5, maxBody: (16 * 1024 * 1024) satisfies Bytes } as const;

/** Rules are asked for again after a day (RFC 9309, 2.4). */
const lifetime: Milliseconds = 86_400_000;

/** Hosts whose rules are kept, so that a list of a million hosts fits. */
const remembered = 10_000;

/** What is known of one origin. */
interface Site {
  /** Undefined while they are being fetched. */
  rules: Rules | undefined;
  expiresAt: Milliseconds;
  pace: Pace | undefined;
  waiting: (Task | Job)[];
}

/**
 * `--respect-robots`: before the first request to an origin its `/robots.txt` is fetched (RFC 9309), and
 * what it disallows is not. Tasks that wait for it hold no lane.
 */
export class Robots {
  readonly #listener: RobotsListener;
  readonly #sites = new Map<string, Site>();

  constructor(listener: RobotsListener) {
    this.#listener = listener;
  }

  /** Whether the task or hop is not to start now: it waits for the rules, or has been refused by them. */
  keeps(one: Task | Job): boolean {
    const { origin, url, request } = one;
    if (one instanceof Errand || url === `${origin}/robots.txt`) {
      return false;
    }
    const site = this.#siteOf(one);
    if (site.rules === undefined) {
      site.waiting.push(one);
      return true;
    }
    const reason = site.rules.refusal(url, productOf(request));
    if (reason !== undefined) {
      this.#listener.onRefused(one, reason);
    }
    return reason !== undefined;
  }

  /** Spaces the requests of a host as its rules ask. */
  adopt(host: Host): void {
    host.crawlPace = this.#sites.get(host.origin)?.pace;
  }

  /** The host is forgotten; its rules are not. */
  release(): void {}

  #siteOf(one: Task | Job): Site {
    const { origin } = one;
    const known = this.#sites.get(origin);
    if (known !== undefined && performance.now() < known.expiresAt) {
      return known;
    }
    const site = {
      rules: undefined,
      expiresAt: Number.POSITIVE_INFINITY,
      pace: known?.pace,
      waiting: [],
    };
    this.#sites.set(origin, site);
    this.#forgetOldest();
    this.#fetchRules(one, site);
    return site;
  }

  #fetchRules({ origin, request }: Task | Job, site: Site): void {
    // As for a stranger: a robots.txt is for all, and a header of the user's may be a secret.
    const plain = carryOver(request, { staysHome: false, becomesGet: true });
    const errand = new Errand(
      { url: `${origin}/robots.txt`, origin, request: plain },
      { ...limits, onRecord: (record) => this.#onRecord(origin, site, productOf(plain), record) },
    );
    this.#listener.onErrand(errand);
  }

  #onRecord(origin: string, site: Site, product: string, record: FetchRecord): void {
    if (record.error?.code === 'ABORTED') {
      return; // so is the run: what waits has not begun
    }
    const rules = rulesOf(record, origin);
    const delay = rules.delayOf(product);
    site.rules = rules;
    site.expiresAt = performance.now() + lifetime;
    site.pace = delay > 0 ? new Pace(1000 / delay) : undefined;
    const { waiting } = site;
    site.waiting = [];
    this.#listener.onRules(origin, waiting);
  }

  #forgetOldest(): void {
    if (this.#sites.size > remembered) {
      for (const [origin, { rules }] of this.#sites) {
        if (rules !== undefined) {
          this.#sites.delete(origin);
          return;
        }
      }
    }
  }
}
