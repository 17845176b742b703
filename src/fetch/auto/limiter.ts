import type { Milliseconds } from '../../model/units.ts';
import { kneeOf, longestStep, nextStep, stepDown, stepFor, stepUp, throughput, type Level } from './level.ts';
import { Overload } from './overload.ts';
import { Round } from './round.ts';

/** Where a host begins: enough to learn from, too little to hurt. */
const firstLimit = 10;
/** A throughput that differs by less is the same. */
const tolerance = 0.05;
/** Between searches that found nothing: doubled each time, from the first to the last. */
const shortestRest: Milliseconds = 2_000;
const longestRest: Milliseconds = 10_000;
/** At the most, where rounds are long: these are to take a tenth of the time. */
const restOfSlow: Milliseconds = 60_000;
/** A mean time that moves by more, and by four standard errors, calls for a search at once. */
const shift = 0.1;
/** What overload leaves of the limit (CUBIC's factor, RFC 9438, 4.6). */
const decrease = 0.7;

/** What the round under way is for. */
type Stage =
  | { readonly kind: 'cruise'; readonly usual: Level | undefined; readonly rounds: number }
  | { readonly kind: 'up'; readonly from: Level | undefined; readonly step: number }
  | { readonly kind: 'down'; readonly from: Level; readonly step: number; readonly thenUp: boolean };

/**
 * How many exchanges a host gets at once: as many as raise its throughput, and no more, since what
 * is beyond that only waits. Its work is that of TCP's congestion control with an endless file to
 * send: there is always a next task, so the limit is always used in full, and by Little's law the
 * throughput is the limit over the mean time. So two limits are compared by their mean times alone.
 *
 * The search is that of BBR (Cardwell et al., "BBR: Congestion-Based Congestion Control", ACM Queue
 * 14(5), 2016): double until throughput no longer grows, then stay at throughput times the time
 * without a queue, which is where Kleinrock's "power" is greatest (1979), and now and then try a
 * little less and a little more. Unlike Vegas, Gradient2 or BBR itself it keeps no least time for
 * long: each comparison is between two neighbouring limits, measured one after the other. So a
 * server that got slower (less in flight does not make it faster) is told from one that lost
 * capacity (less in flight does). Mean times instead of least ones make it hold for times that vary.
 *
 * Overload cuts the limit (multiplicative decrease: Chiu and Jain, 1989).
 */
export class Limiter {
  readonly #cap: number;
  #limit: number;
  #stage: Stage = { kind: 'up', from: undefined, step: longestStep };
  #round: Round;
  /** The first exchange under a new limit has not ended yet: connections open, a queue drains. */
  #isSettling = true;
  /** Exchanges that started earlier say nothing about the limit. */
  #since: Milliseconds = 0;
  readonly #overload = new Overload();
  #rest = shortestRest;
  #nextSearchAt: Milliseconds = 0;
  #rounds = 0;

  /** `cap` is the highest limit. */
  constructor(cap: number) {
    this.#cap = cap;
    this.#limit = Math.min(cap, firstLimit);
    this.#round = this.#newRound(0);
  }

  /** How many exchanges may be in flight now. */
  get limit(): number {
    return this.#limit;
  }

  /** Rounds that were measured to their end. */
  get rounds(): number {
    return this.#rounds;
  }

  /** An exchange was answered; `active` are in flight, itself included. */
  answered(startedAt: Milliseconds, now: Milliseconds, active: number): void {
    this.#overload.good(this.#limit);
    if (startedAt < this.#since || active > this.#limit) {
      return;
    }
    if (this.#isSettling) {
      this.#isSettling = false;
      this.#since = now;
      this.#round = this.#newRound(now);
      return;
    }
    this.#round.add(now - startedAt, active);
    if (this.#round.isOver(now)) {
      this.#rounds++;
      this.#conclude(now);
    }
  }

  /** An exchange was refused or broke in a way that overload explains. */
  troubled(startedAt: Milliseconds, now: Milliseconds): void {
    if (this.#overload.bad(startedAt, now, this.#limit)) {
      this.#cut(now);
    }
  }

  /** Stops a search for more: it is not to be had. */
  hold(now: Milliseconds): void {
    if (this.#stage.kind === 'up') {
      this.#settle(this.#stage.from?.limit ?? this.#limit, now);
    }
  }

  /** A search for more that led to overload goes back to where it began, else the limit is cut. */
  #cut(now: Milliseconds): void {
    const stage = this.#stage;
    const isOwnFault = stage.kind === 'up' && stage.from !== undefined;
    this.#settle(isOwnFault ? stage.from.limit : Math.floor(this.#limit * decrease), now);
  }

  // ── what a round leads to

  #conclude(now: Milliseconds): void {
    const stage = this.#stage;
    const { meanMs, spread } = this.#round;
    const level = { limit: this.#limit, meanMs, spread };
    if (!this.#round.isFull) {
      this.#stay(stage, now);
      return;
    }
    switch (stage.kind) {
      case 'cruise':
        this.#cruise(stage, level, now);
        break;
      case 'up':
        this.#judgeUp(stage.from, stage.step, level, now);
        break;
      case 'down':
        this.#judgeDown(stage, level, now);
        break;
      default:
        stage satisfies never;
    }
  }

  /** Something else than the limit held requests back: back to where the search began. */
  #stay(stage: Stage, now: Milliseconds): void {
    const from = stage.kind === 'cruise' ? undefined : stage.from;
    if (from === undefined) {
      this.#round = this.#newRound(now);
    } else {
      this.#settle(from.limit, now);
    }
  }

  /** Rounds at one limit are put together: a comparison is as good as its worse half. */
  #cruise({ usual, rounds }: Stage & { kind: 'cruise' }, level: Level, now: Milliseconds): void {
    const moved = usual === undefined ? 0 : Math.log(level.meanMs / usual.meanMs);
    if (Math.abs(moved) > Math.max(shift, 4 * this.#round.error)) {
      this.#rest = shortestRest;
      this.#nextSearchAt = now; // once what was in flight at the change has ended
      this.#move(level.limit, cruise, now);
      return;
    }
    const weight = 1 / Math.min(10, rounds + 1);
    const meanMs = (usual?.meanMs ?? 0) * (1 - weight) + level.meanMs * weight;
    const pooled = { ...level, meanMs };
    if (now >= this.#nextSearchAt) {
      this.#goDown(pooled, stepFor(pooled, stepDown), true, now);
    } else {
      this.#stage = { kind: 'cruise', usual: pooled, rounds: rounds + 1 };
      this.#round = this.#newRound(now);
    }
  }

  #judgeUp(from: Level | undefined, step: number, level: Level, now: Milliseconds): void {
    if (from === undefined) {
      this.#goUp(level, step, now);
      return;
    }
    const gain = throughput(level) / throughput(from) - 1;
    const knee = kneeOf(from, level);
    if (gain < tolerance) {
      this.#settle(from.limit, now);
    } else if (knee < (step > stepUp ? 0.75 : 0.9) * level.limit) {
      this.#settle(knee, now);
    } else {
      this.#rest = shortestRest;
      this.#goUp(level, nextStep(step), now);
    }
  }

  #judgeDown(stage: Stage & { kind: 'down' }, level: Level, now: Milliseconds): void {
    const { from, step, thenUp } = stage;
    const loss = 1 - throughput(level) / throughput(from);
    const knee = kneeOf(level, from);
    if (loss < tolerance) {
      this.#rest = shortestRest;
      this.#goDown(level, nextStep(step), false, now);
    } else if (thenUp && knee >= 0.9 * from.limit) {
      this.#goUp(from, stepFor(from, stepUp), now);
    } else {
      this.#settle(step > stepDown ? knee : from.limit, now);
    }
  }

  // ── moves

  #goUp(from: Level, step: number, now: Milliseconds): void {
    const limit = Math.min(this.#cap, Math.max(from.limit + 1, Math.round(from.limit * step)));
    if (limit > from.limit) {
      this.#move(limit, { kind: 'up', from, step }, now);
    } else {
      this.#settle(from.limit, now);
    }
  }

  #goDown(from: Level, step: number, thenUp: boolean, now: Milliseconds): void {
    const limit = Math.min(from.limit - 1, Math.round(from.limit / step));
    if (limit >= 1) {
      this.#move(limit, { kind: 'down', from, step, thenUp }, now);
    } else if (thenUp) {
      this.#goUp(from, stepFor(from, stepUp), now);
    } else {
      this.#settle(from.limit, now);
    }
  }

  /** Stays at a limit for a while; longer each time that the search was for nothing. */
  #settle(limit: number, now: Milliseconds): void {
    const isFirst = this.#nextSearchAt === 0;
    const longEnough = Math.max(this.#rest, Math.min(restOfSlow, 10 * this.#round.lengthMs(now)));
    this.#nextSearchAt = isFirst ? now : now + longEnough;
    this.#rest = Math.min(longestRest, this.#rest * 2);
    this.#move(Math.min(this.#cap, Math.max(1, limit)), cruise, now);
  }

  #move(limit: number, stage: Stage, now: Milliseconds): void {
    this.#limit = limit;
    this.#stage = stage;
    this.#since = now;
    this.#isSettling = true;
  }

  #newRound(now: Milliseconds): Round {
    const stage = this.#stage;
    return new Round(this.#limit, stage.kind === 'cruise' ? 0.03 : Math.log(stage.step) / 7, now);
  }
}

const cruise: Stage = { kind: 'cruise', usual: undefined, rounds: 0 };
