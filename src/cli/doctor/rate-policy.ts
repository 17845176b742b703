import { parseRateLimit } from '../../fetch/auto/rate-limit-fields.ts';
import type { FetchRecord } from '../../model/record.ts';
import type { Milliseconds, PerSecond } from '../../model/units.ts';
import { formatCount, formatDuration } from '../../report/format.ts';

/** How fast a server says that it may be asked. */
export interface RatePolicy {
  readonly rate: PerSecond;
  /** The same as `--rate` takes it, never faster: `100/m`. */
  readonly flag: string;
  /** `100 in 60 s`. */
  readonly text: string;
  /** The field that says so. */
  readonly field: string;
}

/** Fields of an answer. */
type Headers = NonNullable<FetchRecord['headers']>;

/**
 * The strictest rate that an answer tells: quotas and their windows (`RateLimit-Policy`,
 * `RateLimit-Limit: 100;w=60`), else what is left until the reset. Undefined: a rate cannot be known.
 */
export function ratePolicy(headers: Headers, nowEpochMs: Milliseconds): RatePolicy | undefined {
  const policies = ['RateLimit-Policy', 'RateLimit-Limit', 'X-RateLimit-Limit'].flatMap((field) =>
    quotas(textOf(headers, field)).map(([quota, seconds]) => policyOf(quota, seconds, 'in', field)),
  );
  const [strictest] = policies.toSorted((a, b) => a.rate - b.rate);
  return strictest ?? remainder(headers, nowEpochMs);
}

/** All fields about it, as they came: `RateLimit-Policy: "default";q=100;w=60`. */
export function rateFields(headers: Headers): string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    /^(?:x-)?rate-?limit/.test(name) ? [`${name}: ${[value].flat().join(', ')}`] : [],
  );
}

/** `100/s`, `100/m` or `100/h`: the first in which the number is whole, or large enough to be cut down to one. */
export function rateFlag(rate: PerSecond): string {
  for (const [unit, seconds] of [
    ['s', 1],
    ['m', 60],
    ['h', 3600],
  ] as const) {
    const count = rate * seconds;
    const whole = Math.round(count);
    if (whole >= 1 && Math.abs(count - whole) < 1e-9 * whole) {
      return `${whole}/${unit}`;
    }
    if (count >= 10) {
      return `${Math.floor(count)}/${unit}`;
    }
  }
  return `${Math.max(0.01, Math.floor(rate * 360_000) / 100)}/h`;
}

/** Quota and window in seconds: `"default";q=100;w=60` (drafts from 8 on), `100;w=60` (before). */
function quotas(text: string): [quota: number, seconds: number][] {
  return text.split(',').flatMap((policy): [number, number][] => {
    const quota = Number(/;\s*q=(\d+)/.exec(policy)?.[1] ?? /^\s*(\d+)/.exec(policy)?.[1]);
    const seconds = Number(/;\s*w=(\d+)/.exec(policy)?.[1]);
    return quota > 0 && seconds > 0 ? [[quota, seconds]] : [];
  });
}

/** What is left, and until when. */
function remainder(headers: Headers, nowEpochMs: Milliseconds): RatePolicy | undefined {
  const combined = textOf(headers, 'RateLimit');
  const parts = combined.includes('remaining=') ? [combined] : combined.split(',');
  const lefts = parts.flatMap((part) => {
    const remaining = Number(/\b(?:r|remaining)=(\d+)/.exec(part)?.[1]);
    return leftOf(remaining, parseRateLimit({ ratelimit: part }, nowEpochMs)?.resetMs, 'RateLimit');
  });
  const singles = ['RateLimit', 'X-RateLimit', 'X-Rate-Limit'].flatMap((prefix) => {
    const [remaining, reset] = ['Remaining', 'Reset'].map((what) => textOf(headers, `${prefix}-${what}`));
    const fields = { 'x-ratelimit-reset': reset ?? '', 'x-ratelimit-remaining': remaining ?? '' };
    const resetMs = parseRateLimit(fields, nowEpochMs)?.resetMs;
    return leftOf(Number(remaining || Number.NaN), resetMs, `${prefix}-Remaining`);
  });
  return (combined === '' ? singles : lefts).toSorted((a, b) => a.rate - b.rate)[0];
}

function leftOf(remaining: number, resetMs: Milliseconds = 0, field: string): RatePolicy[] {
  return remaining > 0 && resetMs > 0 ? [policyOf(remaining, resetMs / 1000, 'left for', field)] : [];
}

function policyOf(count: number, seconds: number, how: 'in' | 'left for', field: string): RatePolicy {
  const rate = count / seconds;
  const time = seconds <= 120 ? `${Math.ceil(seconds)} s` : formatDuration(seconds * 1000);
  return { rate, flag: rateFlag(rate), text: `${formatCount(count)} ${how} ${time}`, field };
}

function textOf(headers: Headers, name: string): string {
  return [headers[name.toLowerCase()] ?? ''].flat().join(', ');
}
