/** How an option stands on the command line; its form and default are the schema's (a test compares). */
export interface Flag {
  /** commander's notation: short and long name, and what it takes. */
  readonly flags: string;
  readonly about: string;
  /** The default as help shows it. */
  readonly fallback?: string;
  /** May be given several times. */
  readonly repeats?: true;
  /** There is a `--no-…` too, and this is what it does. */
  readonly negatable?: string;
}

/** The long name without its dashes: `--max-body <size>` is `max-body`. */
export function longName({ flags }: Flag): string {
  return /--([a-z0-9-]+)/.exec(flags)![1]!;
}
