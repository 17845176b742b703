/** How an option stands on the command line; its form and default are the schema's (a test compares). */
export interface Flag {
  /** commander's notation: short and long name, and what it takes. `<file>` and `<dir>` are completed as such. */
  readonly flags: string;
  readonly about: string;
  /** The default as help shows it. */
  readonly fallback?: string;
  /** May be given several times. */
  readonly repeats?: true;
  /** There is a `--no-…` too, and this is what it does. (Every other switch has one that help does not show.) */
  readonly negatable?: string;
  /** What of the value is a secret, so that `bulkfetch config` does not show it. */
  readonly secret?: SecretPart;
  /** What the value has run, as a person calls it: a configuration file that was only found may not set it. */
  readonly runs?: 'a command' | 'a transform';
}

/**
 * All of a value; what follows the first colon (`name:password`); the value of a header line whose
 * name tells that it is one; name and password in a URL.
 */
export type SecretPart = 'all' | 'password' | 'field' | 'userinfo';

/** The long name without its dashes: `--max-body <size>` is `max-body`. */
export function longName({ flags }: Flag): string {
  return /--([a-z0-9-]+)/.exec(flags)![1]!;
}

/** True for `--insecure` and `--no-reuse`: a flag that takes no value. */
export function isSwitch({ flags }: Flag): boolean {
  return !/[<[]/.test(flags);
}
