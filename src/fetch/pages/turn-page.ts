import { failure, type Failure } from '../../model/failure.ts';
import { safeMethods } from '../../model/methods.ts';
import type { NextRule } from '../../model/options/next-rule.ts';
import { FetchRecord, type RecordFields } from '../../model/record.ts';
import type { RequestSpec } from '../../model/task.ts';
import { isFailure, type Target } from '../../model/url.ts';
import type { Job } from '../job.ts';
import { carryOver } from '../policy/carry-over.ts';
import { nextPage } from './next-page.ts';

/** What follows from a page that has ended. */
export interface Turn {
  /** The page, with where the next one is. */
  readonly record: FetchRecord;
  /** The next page; absent: the task ends with this one. */
  readonly next?: Job;
  /** Why the next page is not to be fetched: it ends the task, with a record of its own. */
  readonly failure?: Failure;
}

/** A page that is to be fetched, or not: then the failure ends its task. */
export interface Page {
  readonly job: Job;
  readonly failure?: Failure;
}

/** Decides how a task goes on after a page. */
export type TurnPage = (job: Job, page: FetchRecord) => Turn;

/** How far pages are followed, and what is kept of them. */
export interface PageSettings {
  readonly maxPages: number;
  /** Bodies are for records too, and not only for the rule. */
  readonly keepsBodies: boolean;
}

/**
 * Follows pages by a rule, `maxPages` at the most. A page that fails is the last one, and none is
 * fetched twice: an API that goes in circles ends.
 */
export function pageTurner(rule: NextRule, settings: PageSettings): TurnPage {
  return (job, page) => {
    const shown = settings.keepsBodies ? page : changed(page, { content: undefined });
    const found = page.ok ? nextPage(rule, page, job.task) : undefined;
    if (found === undefined) {
      return { record: shown };
    }
    if ('kind' in found) {
      return { record: changed(shown, { ok: false, error: found }) };
    }
    const { target, text } = found;
    const record = changed(shown, { next: text });
    if (isFailure(target)) {
      return { record, next: job.toPage({ url: text, origin: '', request: job.request }), failure: target };
    }
    if (job.page >= settings.maxPages) {
      return { record };
    }
    const isLoop = job.hasVisited(target.url);
    const { url, origin } = target;
    const next = job.toPage({ url, origin, request: pageRequest(rule, job, target) });
    const loop = `page ${job.page} leads back to ${url}, which was fetched before`;
    return isLoop ? { record, next, failure: failure('PAGE_LOOP', loop) } : { record, next };
  };
}

function changed(fields: RecordFields, change: Partial<RecordFields>): FetchRecord {
  return new FetchRecord({ ...fields, ...change });
}

/**
 * What is asked of the page after that of the job. Another value in the query is the same request again, whatever its method. A link is followed as a
 * link: by GET, unless the method is as safe.
 */
export function pageRequest(
  rule: NextRule,
  job: Pick<Job, 'task' | 'origin' | 'request'>,
  { origin }: Target,
): RequestSpec {
  return rule.by === 'query'
    ? job.task.request
    : carryOver(job.request, {
        staysHome: origin === job.origin,
        becomesGet: !safeMethods.has(job.request.method),
      });
}
