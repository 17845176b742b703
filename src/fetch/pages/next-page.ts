import { failure, type Failure } from '../../model/failure.ts';
import type { BodyValue, NextParameter, NextRule } from '../../model/options/next-rule.ts';
import type { RecordFields } from '../../model/record.ts';
import type { Task } from '../../model/task.ts';
import { isFailure, parseTarget, type Target } from '../../model/url.ts';
import { fieldText } from '../http/field-text.ts';
import { parseBody, type ReadValue } from './body-value.ts';
import { nextLink } from './link.ts';
import { withParameter } from './query.ts';

/** What a page says about the next one. */
export interface NextPage {
  /** Where it is; a failure: nowhere. */
  readonly target: Target | Failure;
  /** The URL; what stands in its place when there is none. */
  readonly text: string;
}

/**
 * Where the page after this one is, by the rule; undefined: this is the last one, for there is no such
 * link, or what stands at the path is absent, null, empty or false. A failure: the page cannot tell,
 * because it is not JSON.
 */
export function nextPage(rule: NextRule, page: RecordFields, task: Task): NextPage | Failure | undefined {
  const url = page.finalUrl ?? page.url;
  if (rule.by === 'link') {
    const reference = nextLink(page.headers?.['link'], url);
    return reference === undefined ? undefined : resolve(fieldText(reference), url);
  }
  if (page.content === undefined) {
    return undefined;
  }
  const read = parseBody(page.content);
  if (read === undefined) {
    return failure('BAD_NEXT', 'the page is not JSON, and does not tell where the next one is');
  }
  return rule.by === 'url' ? urlIn(rule.value, read, url) : queryIn(rule.parameters, read, task.url);
}

function urlIn(place: BodyValue, read: ReadValue, base: string): NextPage | undefined {
  const value = read(place);
  if (isEnd(value)) {
    return undefined;
  }
  return typeof value === 'string'
    ? resolve(value, base)
    : nowhere(value, `${place.text} is ${kindOf(value)}, not a URL`);
}

/** With several parameters, the last page is the one at which one of them ends. */
function queryIn(parameters: readonly NextParameter[], read: ReadValue, url: string): NextPage | undefined {
  const values = parameters.map(({ value }) => read(value));
  if (values.some(isEnd)) {
    return undefined;
  }
  let next = url;
  for (const [at, { name, value: place }] of parameters.entries()) {
    const value = values[at];
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') {
      return nowhere(value, `${place.text} is ${kindOf(value)}, not a text or number`);
    }
    next = withParameter(next, name, String(value));
  }
  return resolve(next, url);
}

function isEnd(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === false;
}

/** User name and password in a reference are not ours to send; `parseTarget` takes them off. */
function resolve(reference: string, base: string): NextPage {
  const target = parseTarget(URL.parse(reference, base)?.href ?? '');
  return isFailure(target)
    ? nowhere(reference, `the next page is not at an http or https URL: ${quote(reference)}`)
    : { target, text: target.url };
}

function nowhere(value: unknown, message: string): NextPage {
  const text =
    typeof value === 'string' ? value : typeof value === 'bigint' ? `${value}` : JSON.stringify(value);
  return { target: failure('BAD_NEXT', message), text: clip(text) };
}

function kindOf(value: unknown): string {
  if (typeof value === 'object') {
    return Array.isArray(value) ? 'an array' : 'an object';
  }
  return typeof value === 'boolean' ? String(value) : 'a number';
}

function quote(text: string): string {
  return JSON.stringify(clip(text));
}

function clip(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
