import { messageOf, UsageError } from '../../model/errors.ts';
import { longestTimer, type Milliseconds } from '../../model/units.ts';
import type { Job } from '../job.ts';
import type { IdentitySettings } from './identity.ts';
import { runTokenCommand, TokenError, type GrantedToken } from './token-command.ts';

/** After a renewal that failed or helped nobody, a 401 asks for no other for so long. */
const restMs: Milliseconds = 10_000;

/**
 * Bearer tokens of a command. Each has a generation: a 401 to an older one is no news, and a 401 to
 * the present one has it renewed, once for all who meet it. A task whose 401 was followed by another
 * with a token that was new for it is refused for good.
 */
export class Tokens {
  readonly #command: string;
  readonly #settings: IdentitySettings;
  readonly #closing = new AbortController();
  /** Aborted when nobody wants a token any more. */
  readonly #signal: AbortSignal;
  #authorization = '';
  #generation = 0;
  #timer: NodeJS.Timeout | undefined;
  #renewal: Promise<boolean> | undefined;
  #isRefused = false;
  #restsUntil: Milliseconds = 0;
  /** The generation that the last exchange of a job carried. */
  readonly #carried = new WeakMap<Job, number>();
  /** The generation that came after the job's 401. */
  readonly #fresh = new WeakMap<Job, number>();

  private constructor(command: string, settings: IdentitySettings) {
    this.#command = command;
    this.#settings = settings;
    const closing = this.#closing.signal;
    this.#signal = settings.signal === undefined ? closing : AbortSignal.any([settings.signal, closing]);
  }

  /** Runs the command for the first token. Throws a `UsageError` when there is none. */
  static async open(command: string, settings: IdentitySettings): Promise<Tokens> {
    const tokens = new Tokens(command, settings);
    try {
      tokens.#take(await tokens.#run());
    } catch (error) {
      throw error instanceof TokenError ? new UsageError(`--token-command: it ${error.message}`) : error;
    }
    return tokens;
  }

  /** The present token is known to be refused, and another is on its way. */
  get isRenewing(): boolean {
    return this.#isRefused;
  }

  /** The field for the job's next exchange. A token is for the origins of the input only. */
  authorization(job: Job): string | undefined {
    if (job.origin !== job.task.origin) {
      this.#carried.delete(job);
      return undefined;
    }
    this.#carried.set(job, this.#generation);
    return this.#authorization;
  }

  /** The job has been answered. */
  onStatus(job: Job, status: number): void {
    if (status !== 401) {
      this.#fresh.delete(job);
    }
  }

  /** What a job waits for whose token was answered with 401; undefined when that is the answer. */
  renew(job: Job): Promise<boolean> | undefined {
    const carried = this.#carried.get(job);
    if (carried === undefined) {
      return undefined;
    }
    if (carried === this.#fresh.get(job)) {
      this.#rest(); // the token is not what is wrong
      return undefined;
    }
    if (carried < this.#generation) {
      this.#fresh.set(job, this.#generation);
      return Promise.resolve(true);
    }
    if (this.#renewal === undefined && performance.now() < this.#restsUntil) {
      return undefined;
    }
    this.#isRefused = true;
    this.#fresh.set(job, this.#generation + 1);
    return this.#renewed();
  }

  /** Renews nothing any more. */
  close(): void {
    clearTimeout(this.#timer);
    this.#closing.abort();
  }

  /** The renewal under way, or a new one. */
  #renewed(): Promise<boolean> {
    this.#renewal ??= this.#renew();
    return this.#renewal;
  }

  async #renew(): Promise<boolean> {
    clearTimeout(this.#timer);
    try {
      this.#take(await this.#run());
      return true;
    } catch (error) {
      if (!(error instanceof TokenError)) {
        throw error;
      }
      this.#rest();
      if (!this.#signal.aborted) {
        this.#settings.onWarning(`--token-command: no new token: it ${messageOf(error)}`);
      }
      return false;
    } finally {
      this.#renewal = undefined;
      this.#isRefused = false;
    }
  }

  #run(): Promise<GrantedToken> {
    return runTokenCommand(this.#command, this.#signal);
  }

  #take({ token, lifetimeMs }: GrantedToken): void {
    this.#authorization = `Bearer ${token}`;
    this.#generation++;
    if (lifetimeMs !== undefined) {
      this.#timer = setTimeout(() => void this.#renewed(), renewAfter(lifetimeMs)).unref();
    }
  }

  #rest(): void {
    this.#restsUntil = performance.now() + restMs;
  }
}

/** At 80 % of the lifetime, or a minute before its end where that is later. */
function renewAfter(lifetimeMs: Milliseconds): Milliseconds {
  return Math.min(longestTimer, Math.max(0.8 * lifetimeMs, lifetimeMs - 60_000));
}
