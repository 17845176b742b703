import { nextLink } from '../../fetch/pages/link.ts';
import { parseRetryAfter } from '../../fetch/policy/retry-after.ts';
import { productOf, rulesOf } from '../../fetch/robots/rules.ts';
import type { Bytes, Milliseconds } from '../../model/units.ts';
import { formatBytes, formatDuration } from '../../report/format.ts';
import { robotsRedirects, type Evidence, type Visit } from './evidence.ts';
import { notTold, type Finding } from './finding.ts';
import { smallBody } from './probes.ts';
import { rateFields, ratePolicy } from './rate-policy.ts';

/** Lengths of the body on the wire, by coding; only those that the server gave. */
export function codedSizes({ first, codings }: Evidence): ReadonlyMap<string, Bytes> {
  const all: [string | undefined, Visit][] = [[codingOf(first), first]];
  for (const [coding, visit] of codings) {
    all.push([codingOf(visit) === coding ? coding : undefined, visit]);
  }
  return new Map(
    all.flatMap(([coding, { exchanges }]) =>
      coding === undefined ? [] : [[coding, exchanges.at(-1)?.bytes ?? 0] as const],
    ),
  );
}

/** Which content codings the server answers with, and what they save. */
export function compressionFinding(evidence: Evidence): Finding {
  const { first, codings } = evidence;
  const { bytes = 0, ok } = first.record;
  if (!ok || bytes === 0) {
    return notTold(ok ? 'there was no body' : 'the request has failed');
  }
  const sizes = codedSizes(evidence);
  if (sizes.size === 0) {
    return { verdict: 'no', detail: `offered, but the body of ${formatBytes(bytes)} came as it is` };
  }
  const given = [...sizes].map(([coding, size]) => `${coding} ${formatBytes(size)}`);
  const not = [...codings.keys()].filter((coding) => !sizes.has(coding));
  const others = not.length > 0 ? `; not ${not.join(' or ')}` : '';
  return { verdict: 'yes', detail: `${formatBytes(bytes)} are ${given.join(', ')}${others}` };
}

/** Whether a part of a body can be had. */
export function rangesFinding({ first, range }: Evidence): Finding {
  const says = first.record.headers?.['accept-ranges'];
  const promise = typeof says === 'string' ? `Accept-Ranges: ${says}` : undefined;
  if (range === undefined) {
    const isLarge = (first.record.bytes ?? 0) > smallBody;
    return notTold(promise ?? (isLarge ? 'the body is too large to find out' : 'not asked'));
  }
  const { status, headers } = range.record;
  if (status === 206) {
    return { verdict: 'yes', detail: `one byte asked for, ${String(headers?.['content-range'] ?? '206')}` };
  }
  const detail = status === 200 ? 'one byte asked for, the whole body came' : answerOf(range);
  return { verdict: 'no', detail: promise === undefined ? detail : `${detail}, although it says ${promise}` };
}

/** Whether the server says that nothing has changed, instead of sending it again. */
export function conditionalFinding({ first, again }: Evidence): Finding {
  const { etag, 'last-modified': modified } = first.record.headers ?? {};
  const validator = etag === undefined ? 'Last-Modified' : 'ETag';
  if (again === undefined) {
    return notTold('not asked');
  }
  if (etag === undefined && modified === undefined) {
    return { verdict: 'no', detail: 'neither ETag nor Last-Modified' };
  }
  return again.record.status === 304
    ? { verdict: 'yes', detail: `by ${validator}, answered with 304` }
    : { verdict: 'no', detail: `asked by ${validator}, but ${answerOf(again)}` };
}

/** What the server says about how often it may be asked. */
export function rateFinding({ first, now }: Evidence): Finding {
  const { headers = {} } = first.record;
  const policy = ratePolicy(headers, now);
  const waitMs = retryAfterMs(first, now);
  const wait = waitMs === undefined ? [] : [`Retry-After: ${formatDuration(waitMs)}`];
  if (policy !== undefined) {
    return { verdict: policy.text, detail: [policy.field, ...wait].join('; ') };
  }
  const fields = [...rateFields(headers), ...wait];
  return fields.length === 0
    ? notTold('no field about it')
    : { verdict: 'told in part', detail: fields.join('; ') };
}

/** For how long the server wants to be left alone. */
export function retryAfterMs({ record }: Visit, now: number): Milliseconds | undefined {
  const value = record.headers?.['retry-after'];
  return parseRetryAfter(typeof value === 'string' ? value : value?.[0], now);
}

/** What the host asks of robots. */
export interface RobotsAnswer {
  /** There is a file. */
  readonly exists: boolean;
  /** Why the URL may not be fetched; absent: it may. */
  readonly refusal?: string | undefined;
  readonly delayMs: Milliseconds;
}

/** Undefined: it was not asked for, or not to the end. */
export function robotsOf({ robots, target, first }: Evidence): RobotsAnswer | undefined {
  if (robots === undefined || isCutShort(robots)) {
    return undefined;
  }
  const rules = rulesOf(robots.record, target.origin);
  const product = productOf(first.request);
  return {
    exists: robots.record.ok,
    refusal: rules.refusal(target.url, product)?.code,
    delayMs: rules.delayOf(product),
  };
}

/** A robots.txt redirects once more, and there were not requests enough to follow it as far as a run does. */
function isCutShort({ record: { status = 0, error }, redirects }: Visit): boolean {
  const isRedirect = error === undefined ? status >= 300 : error.code === 'TOO_MANY_REDIRECTS';
  return isRedirect && redirects.length < robotsRedirects;
}

/** Whether robots may fetch it. */
export function robotsFinding(evidence: Evidence): Finding {
  const answer = robotsOf(evidence);
  if (answer === undefined || evidence.robots === undefined) {
    return notTold(evidence.robots === undefined ? 'not asked' : 'redirected further than was asked here');
  }
  const product = productOf(evidence.first.request);
  if (answer.refusal === 'ROBOTS_UNREACHABLE') {
    return { verdict: 'unreachable', detail: `${answerOf(evidence.robots)}: nothing is allowed then` };
  }
  if (!answer.exists) {
    return { verdict: 'allowed', detail: `there is none (${answerOf(evidence.robots)})` };
  }
  const pace = answer.delayMs > 0 ? `, Crawl-delay ${answer.delayMs / 1000} s` : '';
  return {
    verdict: answer.refusal === undefined ? 'allowed' : 'disallowed',
    detail: `for ${product}${pace}`,
  };
}

/** Whether the answer says where the next page is. */
export function pagesFinding({ first, target }: Evidence): Finding {
  const link = first.record.headers?.['link'];
  if (!first.record.ok) {
    return notTold('the request has failed');
  }
  return nextLink(link, target.url) === undefined
    ? { verdict: 'no', detail: 'no Link with rel=next; a body may name the next page' }
    : { verdict: 'yes', detail: 'Link with rel=next' };
}

/** `the answer was 404`, `CONNECTION_RESET`, and `BODY_TOO_LARGE` of an answer that was not read whole. */
function answerOf({ record: { status, error } }: Visit): string {
  const isWhole = error === undefined || error.code === 'HTTP_STATUS';
  return status !== undefined && isWhole ? `the answer was ${status}` : (error?.code ?? 'no answer');
}

function codingOf({ record }: Visit): string | undefined {
  const coding = record.headers?.['content-encoding'];
  return typeof coding === 'string' && coding.toLowerCase() !== 'identity' ? coding.toLowerCase() : undefined;
}
