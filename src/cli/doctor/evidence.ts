import type { ExchangeEnded, RedirectFollowed } from '../../model/observer.ts';
import type { ResolvedOptions } from '../../model/options/options.ts';
import type { FetchRecord } from '../../model/record.ts';
import type { RequestSpec, Task } from '../../model/task.ts';
import type { Handshake } from './handshake.ts';

/** A request of the doctor's with its redirects, and what came of it. */
export interface Visit {
  /** How it differs from the first, as in `Range: bytes=0-0`; empty: it is that one. */
  readonly purpose: string;
  readonly request: RequestSpec;
  readonly record: FetchRecord;
  /** The last one is what the record tells of. */
  readonly exchanges: readonly ExchangeEnded[];
  readonly redirects: readonly RedirectFollowed[];
}

/** All that was seen. What was not asked is absent. */
export interface Evidence {
  readonly options: ResolvedOptions;
  readonly task: Task;
  /** Where the first request ended: what all later ones are about. */
  readonly target: { readonly url: string; readonly origin: string };
  readonly first: Visit;
  /** The same once more, conditional where the first answer allows that. */
  readonly again?: Visit | undefined;
  readonly range?: Visit | undefined;
  readonly robots?: Visit | undefined;
  /** Each content coding by itself. */
  readonly codings: ReadonlyMap<string, Visit>;
  /** Of each client all visits, in order: what one client opened, the other does not use. */
  readonly clients: readonly (readonly Visit[])[];
  /** Of `target`; absent without TLS, and when there was none. */
  readonly handshake?: Handshake | undefined;
  /** Of the host of `target`; empty: nobody told them, as behind a proxy that looks names up. */
  readonly addresses: readonly string[];
  /** What is between us and `target`, without user name and password. */
  readonly proxy?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Requests that are sent at most, redirects included: who asks about a server should not be a burden to it. What
 * the engine sends again by itself, after a lost connection or with a new token, may come on top.
 */
export const mostRequests = 8;

/** So many redirects of a robots.txt are to be followed at least (RFC 9309, 2.3.1.2). */
export const robotsRedirects = 5;

/** By these statuses a server says that it wants fewer requests. */
export const askedToWait: ReadonlySet<number> = new Set([429, 503]);

/** All requests that went out, in order of their ends. */
export function exchangesOf({
  clients,
}: Evidence): readonly (ExchangeEnded & { readonly purpose: string })[] {
  return clients
    .flat()
    .flatMap(({ exchanges, purpose }) => exchanges.map((one) => ({ ...one, purpose })))
    .toSorted((a, b) => a.at - b.at);
}
