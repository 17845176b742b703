import parseRobots from 'robots-parser';
import { fieldsNamed } from '../../model/field.ts';
import { failure, type Failure } from '../../model/failure.ts';
import type { FetchRecord } from '../../model/record.ts';
import type { RequestSpec } from '../../model/task.ts';
import type { Milliseconds } from '../../model/units.ts';

/** What a host asks of robots. `product` is the name before the version in User-Agent. */
export interface Rules {
  /** Why the URL is not to be fetched; undefined: it may be. */
  refusal(url: string, product: string): Failure | undefined;
  /** Between the starts of two requests; 0: none. */
  delayOf(product: string): Milliseconds;
}

/** Whatever it says: a delay of a day would hold the run up for good. */
const longestDelay: Milliseconds = 300_000;

/** The least that a robot must be able to read (RFC 9309, 2.5), and all that we do, in characters. */
const longestText = 500 * 1024;

/** What cannot be followed to an end is as good as absent (RFC 9309, 2.3.1.2). */
const lost: ReadonlySet<unknown> = new Set(['TOO_MANY_REDIRECTS', 'BAD_LOCATION']);

/**
 * The rules that follow from how `/robots.txt` of the origin was answered (RFC 9309, 2.3.1): those
 * that stand in it; everything is allowed where there is none (4xx), nothing where that is not known
 * (5xx, no answer). Like Google, a 429 is taken for the latter: who is asked to slow down has not been
 * allowed everything.
 */
export function rulesOf(
  { status = 0, error, content }: Pick<FetchRecord, 'status' | 'error' | 'content'>,
  origin: string,
): Rules {
  if (error === undefined) {
    return content?.form === 'text' ? written(relevant(content.text), origin) : all;
  }
  const isAbsent = error.code === 'HTTP_STATUS' && status >= 400 && status < 500 && status !== 429;
  return isAbsent || lost.has(error.code) ? all : none(`${origin}/robots.txt: ${error.message}`);
}

/** `mybot` of `mybot/1.0 (+https://example.com/bot)`; without a User-Agent only `*` is meant. */
export function productOf({ headers }: RequestSpec): string {
  return fieldsNamed(headers, 'user-agent')[0]?.split(/[/\s]/, 1)[0] || '*';
}

const all: Rules = { refusal: () => undefined, delayOf: () => 0 };

function none(message: string): Rules {
  return { refusal: () => failure('ROBOTS_UNREACHABLE', message), delayOf: () => 0 };
}

/** Lines by which a group begins or what it says. */
const ofGroup = /^\s*(?:user-agent|allow|disallow|crawl-delay)\s*:/i;

/**
 * What the library is to see: no other lines, for one between two User-agent lines would part them
 * (RFC 9309, 2.2.4), none that is cut off, and at the end what makes a group of a last User-agent line
 * without rules (5.1).
 */
function relevant(text: string): string {
  const isLong = text.length > longestText;
  const kept = isLong ? text.slice(0, text.lastIndexOf('\n', longestText) + 1) : text;
  return [...kept.split(/\r\n?|\n/).filter((line) => ofGroup.test(line)), 'Disallow:'].join('\n');
}

function written(text: string, origin: string): Rules {
  const robots = parseRobots(`${origin}/robots.txt`, text);
  return {
    refusal: (url, product) =>
      robots.isAllowed(url, product) === false
        ? failure('ROBOTS_DISALLOWED', `${origin}/robots.txt disallows ${url} for ${product}`)
        : undefined,
    delayOf: (product) => Math.min(Math.max(0, robots.getCrawlDelay(product) ?? 0) * 1000, longestDelay),
  };
}
