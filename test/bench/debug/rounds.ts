/** Seconds for the same URLs. */
export interface ObservingRound {
  /** Nobody observes, as in a run without `--debug` and `--trace`. */
  readonly absent: number;
  /** Somebody is told everything and does nothing with it. */
  readonly idle: number;
}
