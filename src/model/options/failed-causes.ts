import * as z from 'zod/mini';
import { failureCodes } from '../failure.ts';

/** Which failures are meant: all of them, or those of a kind, with a code or with a status. */
export type FailedCauses = 'all' | readonly FailedCause[];

/** A kind or a code, or a status. */
export type FailedCause = string | number;

/** What is known of a failure. */
export interface Failed {
  readonly status?: number | undefined;
  readonly error?: { readonly kind?: string | undefined; readonly code?: string | undefined } | undefined;
}

/** `--retry-failed`: alone, `all`, or text with commas such as `timeout,status=503,CONNECTION_RESET`. */
export const failedCauses = z.pipe(
  z.union([z.boolean(), z.string(), z.array(z.union([z.string(), z.number()]))], {
    error: 'must be causes of failures',
  }),
  z.transform((value, context): FailedCauses | undefined => {
    if (typeof value === 'boolean') {
      return value ? 'all' : undefined;
    }
    const items = typeof value === 'string' ? value.split(',') : value;
    const causes = items.map((item) => parseCause(String(item).trim()));
    const unknown = causes.indexOf(undefined);
    if (unknown !== -1) {
      const message = `must be kinds, codes or statuses, as in 'timeout,status=503', not ${JSON.stringify(items[unknown])}; before a source write --retry-failed=all`;
      context.issues.push({ code: 'custom', message, input: value });
    }
    const known = causes.filter((cause) => cause !== undefined);
    return known.includes('all') ? 'all' : known;
  }),
);

/** Whether a failure is one of those that are meant. */
export function isAmong(causes: FailedCauses, { status, error }: Failed): boolean {
  return (
    causes === 'all' ||
    causes.some((cause) => cause === status || cause === error?.kind || cause === error?.code)
  );
}

const names: ReadonlySet<string> = new Set([
  'all',
  ...Object.keys(failureCodes),
  ...Object.values(failureCodes).map(({ kind }) => kind),
]);

function parseCause(text: string): FailedCause | undefined {
  const status = /^(?:status=)?([1-5]\d\d)$/.exec(text)?.[1];
  return status === undefined ? (names.has(text) ? text : undefined) : Number(status);
}
