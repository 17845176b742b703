import { failure, type Failure } from '../../model/failure.ts';
import type { RequestSpec } from '../../model/task.ts';
import { isFailure, parseTarget, type Target } from '../../model/url.ts';
import { fieldText } from '../http/field-text.ts';
import { carryOver } from './carry-over.ts';

/** An answer, and the request that it is an answer to. */
export interface RedirectInput {
  readonly status: number;
  /** The `Location` field as received, one character a byte. */
  readonly location: string | undefined;
  readonly url: string;
  readonly request: RequestSpec;
  /** Redirects followed so far. */
  readonly hops: number;
}

/** The request that a redirect leads to. */
export interface Hop extends Pick<Target, 'url' | 'origin'> {
  readonly request: RequestSpec;
}

/**
 * Where an answer redirects to and with what request; undefined: it is final. Methods change as in
 * browsers (RFC 9110, 15.4; Fetch standard, "HTTP-redirect fetch"): 303 and a POST answered with 301
 * or 302 become GET without a body. To another origin, which http instead of https is too, only
 * fields go that say nothing about the user. With `maxRedirs` 0 a redirect is a final answer.
 */
export function nextHop(input: RedirectInput, maxRedirs: number): Hop | Failure | undefined {
  const { status, location, url, hops } = input;
  if (!redirects.has(status) || maxRedirs === 0) {
    return undefined;
  }
  const target = resolve(location, url);
  if (isFailure(target)) {
    return target;
  }
  if (hops >= maxRedirs) {
    return failure('TOO_MANY_REDIRECTS', `more than ${maxRedirs} redirects, the next to ${target.url}`);
  }
  const request = redirected(input, target.origin);
  return { url: target.url, origin: target.origin, request };
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** User name and password in a `Location` are not ours to send; `parseTarget` takes them off. */
function resolve(location: string | undefined, base: string): Target | Failure {
  if (location === undefined || location.trim() === '') {
    return failure('BAD_LOCATION', 'a redirect without Location');
  }
  const target = parseTarget(URL.parse(fieldText(location), base)?.href ?? '');
  return isFailure(target)
    ? failure('BAD_LOCATION', `a redirect to ${JSON.stringify(location.slice(0, 200))}`)
    : target;
}

function redirected({ status, url, request }: RedirectInput, origin: string): RequestSpec {
  const becomesGet =
    status === 303
      ? request.method !== 'GET' && request.method !== 'HEAD'
      : request.method === 'POST' && (status === 301 || status === 302);
  return carryOver(request, { staysHome: new URL(url).origin === origin, becomesGet });
}
