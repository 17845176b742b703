import * as z from 'zod/mini';
import { UsageError } from '../errors.ts';
import { failedCauses } from './failed-causes.ts';
import { databaseShape, toDatabaseShape } from './database-options.ts';
import { debugShape } from './debug-options.ts';
import { fieldList, noSuchField } from './fields.ts';
import { count, countFrom0, shard } from './forms.ts';
import { fetchShape, parseOptions } from './options.ts';
import { transformShape } from './transform-options.ts';

/** How tasks stand in a text: a URL a line, a task a line, a row a line. */
export type InputFormat = (typeof inputFormats)[number];

/** All of them. */
export const inputFormats = ['lines', 'jsonl', 'csv', 'tsv'] as const;

/** What a run reads: options of the command line beside those of every fetch. */
export const inputShape = {
  /** How files and standard input are understood; by default told by name or content. */
  inputFormat: z.optional(z.enum(inputFormats, { error: 'must be lines, jsonl, csv or tsv' })),
  /** Makes URLs of rows: `https://api.example.com/users/{id}`. Then `header`, `json` and `data` are templates too. */
  url: z.optional(z.string()),
  /** Tasks that are passed over. */
  skip: z._default(countFrom0, 0),
  /** One part of the tasks, such as `3/16`. */
  shard: z.optional(shard),
  /** Each request once. */
  dedupe: z._default(z.boolean(), false),
  /** No more tasks than this. */
  limit: z.optional(count),
  /** What fills `{id}` in URLs. */
  ids: z.optional(z.string()),
  /** Take brackets and braces in URLs as they are. */
  globoff: z._default(z.boolean(), false),
};

/** What the file of a body is named after. */
export type SaveName = (typeof saveNames)[number];

const saveNames = ['id', 'hash', 'url'] as const;

/** When what was written is made to survive the death of the machine. */
export type Fsync = (typeof fsyncs)[number];

const fsyncs = ['none', 'interval', 'each'] as const;

/** What a run writes. */
export const outputShape = {
  /** Files of the records; `-` is standard output. Each has all of them. */
  output: z.optional(
    z.array(z.string()).check(z.minLength(1, 'must name an output, or - for standard output')),
  ),
  ...toDatabaseShape,
  /** Paths into the record: lines have these alone. */
  fields: z.optional(fieldList()),
  /** Lines have every header field of the response. */
  includeHeaders: z._default(z.boolean(), false),
  /** Folder for the bodies; records then name the file instead. */
  saveDir: z.optional(z.string()),
  /** What those files are named after. */
  saveName: z._default(z.enum(saveNames, { error: 'must be id, hash or url' }), 'id'),
  /** When lines are made to survive the death of the machine, and not of the process alone. */
  fsync: z._default(z.enum(fsyncs, { error: 'must be none, interval or each' }), 'none'),
  /** Go on from what the outputs have, instead of making them anew. */
  resume: z._default(z.boolean(), false),
  /** Then fetch again what has failed: all, or for these causes. */
  retryFailed: z.optional(failedCauses),
  /** And send again what an earlier run may have sent, whatever the method. */
  resendUnknown: z._default(z.boolean(), false),
  /** File of the summary, as JSON. */
  summary: z.optional(z.string()),
  /** Show progress; by default on a terminal. */
  progress: z.optional(z.boolean()),
  /** No progress and no summary on standard error. */
  quiet: z._default(z.boolean(), false),
};

const schema = z.strictObject({
  ...fetchShape,
  ...inputShape,
  ...databaseShape,
  ...outputShape,
  ...transformShape,
  ...debugShape,
});

/** The options of a run as a user writes them. */
export type RunOptions = Partial<z.input<typeof schema>>;

/** The options of a run as the program uses them. */
export type ResolvedRunOptions = Readonly<z.output<typeof schema> & { readonly output: readonly string[] }>;

/** Validates and completes options; records go to standard output when they go nowhere else. Throws a `UsageError` that names each wrong one and its form. */
export function resolveRunOptions(input: RunOptions = {}): ResolvedRunOptions {
  const options = parseOptions(schema, input);
  refuseWithoutTransform(options);
  return { ...options, output: options.output ?? (options.to.length > 0 ? [] : ['-']) };
}

/** What means something only where there are transforms: a name in `--fields` that no record has by itself may be theirs. */
function refuseWithoutTransform({ transform, omitDropped, fields = [] }: z.output<typeof schema>): void {
  const extra = fields.find(({ name }) => name === 'extra');
  if (transform.length === 0 && extra !== undefined) {
    throw new UsageError(`--fields: ${noSuchField(extra.path[0]!)}`);
  }
  if (transform.length === 0 && omitDropped) {
    throw new UsageError('--omit-dropped: nothing is dropped without a --transform');
  }
}
