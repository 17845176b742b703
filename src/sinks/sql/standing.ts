import { isAmong, type FailedCauses } from '../../model/options/failed-causes.ts';
import type { ResumePoint } from '../../model/task.ts';

/** What a row says of a page of a task. What is undefined is not known, for the table has no such column. */
export interface PastPage {
  /** From 1. */
  readonly page: number;
  readonly url: string | undefined;
  /** Where the next page is. */
  readonly next: string | undefined;
  readonly ok: boolean;
  readonly status: number | undefined;
  readonly error: { readonly kind: string | undefined; readonly code: string | undefined };
  /** Milliseconds since the epoch. */
  readonly fetchedAt: number | undefined;
}

/** What of the past is as good as fetched. */
export interface PastRule {
  /** Failures that are fetched again. */
  readonly retried: FailedCauses;
  /** What may have been sent is sent again. */
  readonly resendsUnknown: boolean;
  /** What was fetched before, in milliseconds since the epoch, is fetched again. */
  readonly expired: number;
  /** A task with so many pages has ended, wherever the last one leads; undefined: pages are not followed. */
  readonly maxPages: number | undefined;
}

/** How a task stands. */
export type Standing =
  /** All of it is there … */
  | { readonly is: 'done' }
  /** … or a failure that is not fetched again. */
  | { readonly is: 'failed' }
  /** It is fetched from there; undefined: from the start. */
  | { readonly is: 'missing'; readonly from: ResumePoint | undefined }
  /** What comes next may have been sent, and may not be sent twice. */
  | { readonly is: 'unknown'; readonly from: ResumePoint | undefined };

/** How a task with this URL stands by its rows, in the order of their pages. Rows about another URL say nothing. */
export function standingOf(url: string, rows: readonly PastPage[], rule: PastRule): Standing {
  const { maxPages = 1 } = rule;
  const visited: string[] = [];
  let next: string | undefined = url;
  for (const [at, row] of rows.entries()) {
    const page = at + 1;
    if (next === undefined || page > maxPages) {
      break; // there were more pages once
    }
    if (row.page !== page || (row.url !== undefined && row.url !== next)) {
      return { is: 'missing', from: pointAt(page, next, visited) };
    }
    if (!row.ok) {
      return failedAt(row, pointAt(page, next, visited), rule);
    }
    if (row.fetchedAt !== undefined && row.fetchedAt < rule.expired) {
      return { is: 'missing', from: undefined }; // one page that is old makes the whole task old
    }
    visited.push(row.url ?? next);
    next = row.next;
  }
  const page = visited.length + 1;
  return next === undefined || page > maxPages
    ? { is: 'done' }
    : { is: 'missing', from: pointAt(page, next, visited) };
}

function failedAt(row: PastPage, from: ResumePoint | undefined, rule: PastRule): Standing {
  if (row.error.code === 'MAYBE_SENT') {
    return { is: rule.resendsUnknown ? 'missing' : 'unknown', from };
  }
  return isAmong(rule.retried, row) ? { is: 'missing', from } : { is: 'failed' };
}

/** The first page is no point to go on from: it is the start. */
function pointAt(page: number, url: string, visited: readonly string[]): ResumePoint | undefined {
  return page === 1 ? undefined : { page, url, visited: [...visited] };
}
