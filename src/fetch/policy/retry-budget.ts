/** Retries that are always allowed, so that a small run is not starved of its first few. */
const free = 10;

/**
 * Keeps retries below a share of the requests sent so far, plus ten: when a server is down for
 * everybody, retries would multiply its load just then (Google SRE book, "Handling Overload").
 */
export class RetryBudget {
  readonly #share: number | undefined;
  #requests = 0;
  #retries = 0;

  /** `share` 0.2: one retry for every five requests; undefined: no limit. */
  constructor(share: number | undefined) {
    this.#share = share;
  }

  /** Counts a request, retries included. */
  onRequest(): void {
    this.#requests++;
  }

  /** Counts a retry, if it is within the budget. */
  take(): boolean {
    if (this.#share !== undefined && this.#retries >= free + this.#share * this.#requests) {
      return false;
    }
    this.#retries++;
    return true;
  }
}
