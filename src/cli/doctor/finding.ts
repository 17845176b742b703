/** One thing that was found out about a server. */
export interface Finding {
  /** `yes`, `no`, `not told`, or whatever answers the question. */
  readonly verdict: string;
  /** What shows it, or what follows. */
  readonly detail?: string | undefined;
}

/** Where nothing can be known, and why. */
export function notTold(detail: string): Finding {
  return { verdict: 'not told', detail };
}
