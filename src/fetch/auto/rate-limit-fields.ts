import type { Milliseconds } from '../../model/units.ts';
import type { ResponseHeaders } from '../http/response-head.ts';

/** What a server tells of its own limit. */
export interface RateLimitState {
  /** Nothing more is allowed until the reset. */
  readonly isSpent: boolean;
  /** Until the limit starts anew. */
  readonly resetMs: Milliseconds;
}

/**
 * The limit that an answer tells of: `RateLimit` or `RateLimit-Remaining` and `-Reset` (the versions
 * of draft-ietf-httpapi-ratelimit-headers), or the older `X-RateLimit-…` and `X-Rate-Limit-…`. A
 * reset is in seconds from now or, with GitHub and others, since the epoch. Undefined: none of these.
 */
export function parseRateLimit(
  headers: ResponseHeaders,
  nowEpochMs: Milliseconds,
): RateLimitState | undefined {
  const combined = headers['ratelimit'];
  if (combined !== undefined) {
    return ofCombined(String(combined));
  }
  for (const prefix of ['ratelimit', 'x-ratelimit', 'x-rate-limit']) {
    const reset = number(headers[`${prefix}-reset`]);
    if (reset !== undefined) {
      const isSpent = number(headers[`${prefix}-remaining`]) === 0;
      return { isSpent, resetMs: untilReset(reset, nowEpochMs) };
    }
  }
  return undefined;
}

/** `limit=100, remaining=0, reset=30` until draft 7, then `"minute";r=0;t=30, "day";r=900;t=4000`. */
function ofCombined(text: string): RateLimitState | undefined {
  const policies = (text.includes('remaining=') ? [text] : text.split(',')).flatMap((policy) => {
    const remaining = /\b(?:r|remaining)=(\d+)/.exec(policy)?.[1];
    const reset = /\b(?:t|reset)=(\d+)/.exec(policy)?.[1];
    return remaining === undefined || reset === undefined
      ? []
      : [{ isSpent: Number(remaining) === 0, resetMs: 1000 * Number(reset) }];
  });
  const spent = policies.filter(({ isSpent }) => isSpent);
  return (spent.length > 0 ? spent : policies).toSorted((a, b) => b.resetMs - a.resetMs)[0];
}

function number(field: string | string[] | undefined): number | undefined {
  const text = (typeof field === 'string' ? field : field?.[0])?.trim() ?? '';
  return /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** No limit lasts thirty years: what is greater is a date, in seconds or milliseconds. */
function untilReset(reset: number, nowEpochMs: Milliseconds): Milliseconds {
  if (reset < 1e9) {
    return 1000 * reset;
  }
  return Math.max(0, (reset < 1e11 ? 1000 * reset : reset) - nowEpochMs);
}
