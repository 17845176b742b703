import * as z from 'zod/mini';
import { parseDuration, parseShare, type Milliseconds } from '../units.ts';

/** When a host that fails is left alone, and for how long at first. */
export interface BreakerRule {
  /** Of its last attempts, above 0 and up to 1. */
  readonly share: number;
  readonly pauseMs: Milliseconds;
}

/** Hystrix's and Polly's. */
const usualPause: Milliseconds = 5_000;

const form = 'must be a share of failed attempts, and a pause if you like, such as 50% or 50%/30s';

/** `--breaker`: `50%`, or `50%/30s` with the length of the first pause. */
export const breakerRule = z.pipe(
  z.string({ error: form }),
  z.transform((text, context): BreakerRule => {
    const rule = parseRule(text);
    if (rule === undefined) {
      context.issues.push({ code: 'custom', message: `${form}, not ${JSON.stringify(text)}`, input: text });
      return z.NEVER;
    }
    return rule;
  }),
);

function parseRule(text: string): BreakerRule | undefined {
  const [shareText = '', pauseText, ...others] = text.split('/');
  const share = parseShare(shareText) ?? 0;
  const pauseMs = pauseText === undefined ? usualPause : (parseDuration(pauseText) ?? 0);
  return share > 0 && share <= 1 && pauseMs > 0 && others.length === 0 ? { share, pauseMs } : undefined;
}
