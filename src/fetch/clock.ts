import type { Timing } from '../model/record.ts';
import type { Milliseconds } from '../model/units.ts';
import type { Phase } from './policy/classify.ts';

/** `performance.now()` at the turns of one exchange; 0: it has not come there, or skipped it. */
export class ExchangeClock {
  /** The permit. */
  startedAt: Milliseconds = 0;
  /** A connection began to open for it. */
  connectAt: Milliseconds = 0;
  /** The name was resolved. */
  lookupAt: Milliseconds = 0;
  /** TCP was connected. */
  tcpAt: Milliseconds = 0;
  /** TLS was agreed. */
  secureAt: Milliseconds = 0;
  /** The request was handed to the socket. */
  sentAt: Milliseconds = 0;
  /** The head of the answer was whole. */
  headAt: Milliseconds = 0;
  #isAddress = false;

  /** `isAddress`: there is no name to look up. */
  start(now: Milliseconds, isAddress: boolean): void {
    this.#isAddress = isAddress;
    this.startedAt = now;
    this.connectAt = this.lookupAt = this.tcpAt = this.secureAt = this.sentAt = this.headAt = 0;
  }

  /** How far it came. */
  get phase(): Phase {
    if (this.sentAt !== 0) {
      return this.headAt === 0 ? 'request' : 'response';
    }
    if (this.tcpAt !== 0) {
      return 'tls';
    }
    return this.connectAt !== 0 && this.lookupAt === 0 && !this.#isAddress ? 'dns' : 'connect';
  }

  /**
   * The phases of an exchange that has ended now, of a task whose first began then. All phases are
   * set, to undefined where they did not happen: objects of one shape are cheap to make.
   */
  timing(now: Milliseconds, firstStartedAt: Milliseconds): Timing {
    const { startedAt, sentAt, headAt } = this;
    const timing: Timing = {
      queue: (sentAt || now) - startedAt,
      dns: undefined,
      connect: undefined,
      tls: undefined,
      firstByte: sentAt === 0 ? undefined : (headAt || now) - sentAt,
      download: headAt === 0 ? undefined : now - headAt,
      earlier: startedAt === firstStartedAt ? undefined : startedAt - firstStartedAt,
      total: now - firstStartedAt,
    };
    if (this.connectAt !== 0) {
      this.#addConnecting(timing, now);
    }
    return timing;
  }

  #addConnecting(timing: Timing, now: Milliseconds): void {
    const { connectAt, lookupAt, tcpAt, secureAt } = this;
    let mark = connectAt;
    if (lookupAt !== 0) {
      timing.dns = lookupAt - mark;
      mark = lookupAt;
    }
    if (tcpAt !== 0) {
      timing.connect = tcpAt - mark;
      mark = tcpAt;
    }
    if (secureAt !== 0) {
      timing.tls = secureAt - mark;
      mark = secureAt;
    }
    if (this.sentAt === 0) {
      const unfinished = this.phase;
      if (unfinished === 'dns' || unfinished === 'connect' || unfinished === 'tls') {
        timing[unfinished] = now - mark; // where it was stuck
        mark = now;
      }
    }
    timing.queue -= mark - connectAt;
  }
}
