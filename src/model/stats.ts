/** What the engine is doing at this moment. */
export interface EngineStats {
  /** Tasks read from the source so far. */
  readonly read: number;
  /** The source has ended, so `read` is the total. */
  readonly sourceEnded: boolean;
  /** Tasks that wait for a lane, a rate or their retry. */
  readonly waiting: number;
  /** Attempts under way. */
  readonly inFlight: number;
  /** Records made so far. */
  readonly finished: number;
  /** Attempts started so far, redirect hops included. */
  readonly requests: number;
  /** Attempts after a task's first. */
  readonly retries: number;
  /** Sockets open or opening. */
  readonly sockets: number;
}
