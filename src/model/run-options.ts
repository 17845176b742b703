import * as z from 'zod/mini';
import { fetchShape, parseOptions } from './options.ts';

/** What a run reads: options of the command line beside those of every fetch. */
export const inputShape = {
  /** What fills `{id}` in URLs. */
  ids: z.optional(z.string()),
  /** Take brackets and braces in URLs as they are. */
  globoff: z._default(z.boolean(), false),
};

/** What a run writes. */
export const outputShape = {
  /** File of the records; `-` is standard output. */
  output: z._default(z.string(), '-'),
  /** File of the summary, as JSON. */
  summary: z.optional(z.string()),
  /** Show progress; by default on a terminal. */
  progress: z.optional(z.boolean()),
  /** No progress and no summary on standard error. */
  quiet: z._default(z.boolean(), false),
};

const schema = z.strictObject({ ...fetchShape, ...inputShape, ...outputShape });

/** The options of a run as a user writes them. */
export type RunOptions = Partial<z.input<typeof schema>>;

/** The options of a run as the program uses them. */
export type ResolvedRunOptions = Readonly<z.output<typeof schema>>;

/** Validates and completes options. Throws a `UsageError` that names each wrong one and its form. */
export function resolveRunOptions(input: RunOptions = {}): ResolvedRunOptions {
  return parseOptions(schema, input);
}
