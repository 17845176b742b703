import * as z from 'zod/mini';
import { parseNextRule } from './next-rule.ts';
import { forms, parseBytes, parseDuration, parseNumber, parseRate, parseShare } from '../units.ts';

// One object is parsed once: making code for it, as zod does by default, costs more than it saves.
z.config({ jitless: true });

/** What `--retry-on` takes besides status codes. */
const retryCauses = ['dns', 'connect', 'tls', 'timeout', 'reset', 'protocol'] as const;

/** A failure kind or a status that is worth another attempt. */
export type RetryCause = (typeof retryCauses)[number] | number;

/** A whole number from 1. */
export const count = quantity(forms.count, parseNumber, (value) => Number.isInteger(value) && value >= 1);
/** A whole number from 1, or `auto`. */
export const countOrAuto = z.union([z.literal('auto'), count], {
  error: ({ input }) => `must be auto or ${forms.count}, not ${JSON.stringify(input)}`,
});
/** A whole number from 0. */
export const countFrom0 = quantity(
  forms.countFrom0,
  parseNumber,
  (value) => Number.isInteger(value) && value >= 0,
);
/** A factor from 1. */
export const factor = quantity(forms.factor, parseNumber, (value) => value >= 1);
/** Milliseconds. */
export const duration = quantity(forms.duration, parseDuration, (value) => value >= 0);
/** Bytes. */
export const bytes = quantity(forms.bytes, parseBytes, (value) => value >= 0);
/** Per second. */
export const rate = quantity(forms.rate, parseRate, (value) => value > 0);
/** A share: 0.2 is 20%. */
export const share = quantity(forms.share, parseShare, (value) => value >= 0);

const nextForm = "must be link, a path such as '$.next', or a parameter such as 'cursor={$.next_cursor}'";

/** `--next`. */
export const nextRule = z.pipe(
  z.string({ error: nextForm }),
  z.transform((text, context) => parseNextRule(text) ?? refuse(context, text, nextForm)),
);

/** A number in the base unit, or text in one of the forms that people write. */
function quantity(
  form: string,
  parse: (text: string) => number | undefined,
  accepts: (value: number) => boolean,
) {
  return z.pipe(
    z.union([z.number(), z.string()], { error: `must be ${form}` }),
    z.transform((value, context) => {
      const parsed = typeof value === 'string' ? parse(value) : value;
      return parsed !== undefined && Number.isFinite(parsed) && accepts(parsed)
        ? parsed
        : refuse(context, value, `must be ${form}`);
    }),
  );
}

const shardForm = 'must be a part of a number of parts, such as 3/16';

/** `--shard`. */
export const shard = z.pipe(
  z.string({ error: shardForm }),
  z.transform((text, context) => parseShard(text) ?? refuse(context, text, shardForm)),
);

/** Part `part` of `of`, from 1. */
export interface Shard {
  readonly part: number;
  readonly of: number;
}

function parseShard(text: string): Shard | undefined {
  const match = /^(\d{1,9})\/(\d{1,9})$/.exec(text.trim());
  const [part, of] = [Number(match?.[1]), Number(match?.[2])];
  return part >= 1 && part <= of ? { part, of } : undefined;
}

/** `--retry-on`: a list, or text with commas. */
export function causes() {
  const form = `must be statuses or any of ${retryCauses.join(', ')}, as in 'timeout,429'`;
  return z.pipe(
    z.union([z.string(), z.array(z.union([z.string(), z.number()]))], { error: form }),
    z.transform((value, context): RetryCause[] => {
      const items = typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value;
      return items.map((item) => parseCause(item) ?? refuse(context, item, form));
    }),
  );
}

function parseCause(item: string | number): RetryCause | undefined {
  const status = Number(item);
  return Number.isInteger(status) && status >= 100 && status <= 599
    ? status
    : retryCauses.find((cause) => cause === item);
}

/** Reports a value that cannot be taken, with the form that can. */
function refuse(context: z.core.ParsePayload, value: unknown, message: string): never {
  context.issues.push({ code: 'custom', message: `${message}, not ${JSON.stringify(value)}`, input: value });
  return z.NEVER;
}
