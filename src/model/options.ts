import * as z from 'zod/mini';
import { UsageError } from './errors.ts';
import { token } from './field.ts';
import { bytes, causes, count, countFrom0, duration, factor, rate, share } from './forms.ts';

export type { RetryCause } from './forms.ts';

/**
 * Every option of a fetch: its form, its default and, by inference, its type. The command line, and
 * later the configuration file and the environment, go through here; inside, all is complete.
 * Times are milliseconds, sizes bytes, rates per second; as text they carry a unit (`10s`).
 */
export const fetchShape = {
  /** Tasks in flight at once, over all hosts. */
  concurrency: z._default(count, 50),
  /** Tasks in flight at once to one origin. */
  perHost: z.optional(count),
  /** Attempts started per second, over all hosts. */
  rate: z.optional(rate),
  /** Attempts started per second to one origin. */
  perHostRate: z.optional(rate),
  /** Tasks read ahead of the lanes. */
  queueSize: z._default(count, 10_000),

  /** Limit of one attempt, body included. */
  timeout: z._default(duration, 10_000),
  /** Limit of DNS, TCP and TLS together. */
  connectTimeout: z._default(duration, 5_000),
  /** Limit of all attempts and waits of one task. */
  taskTimeout: z.optional(duration),

  /** Attempts after the first. */
  retry: z._default(countFrom0, 3),
  retryDelay: z._default(duration, 500),
  retryMaxDelay: z._default(duration, 30_000),
  retryFactor: z._default(factor, 2),
  /** Failure kinds and statuses, as a list or as text with commas. */
  retryOn: z._default(causes(), ['dns', 'connect', 'timeout', 'reset', 408, 425, 429, 500, 502, 503, 504]),
  /** No retry starts later than this after the first attempt started. */
  retryMaxTime: z._default(duration, 600_000),
  /** Retries as a share of the requests so far. */
  retryBudget: z.optional(share),
  /** Retry POST and PATCH too, even when the request may have arrived. */
  retryUnsafe: z._default(z.boolean(), false),

  maxRedirs: z._default(countFrom0, 10),
  /** Longest body kept, counted after decoding. */
  maxBody: z._default(bytes, 16 * 1024 * 1024),
  /** How bodies stand in records. */
  body: z._default(
    z.enum(['auto', 'text', 'json', 'base64', 'none'], { error: 'must be auto, text, json, base64 or none' }),
    'auto',
  ),
  /** Records in input order, within a bounded window. */
  ordered: z._default(z.boolean(), false),

  method: z.optional(z.string().check(z.regex(token, 'must be an HTTP method such as GET or POST'))),
  /** `Name: value` lines. */
  header: z._default(z.array(z.string()), []),
  data: z.optional(z.string()),
  json: z.optional(z.string()),
  userAgent: z.optional(z.string()),
  /** Accept any certificate. */
  insecure: z._default(z.boolean(), false),
  /** File of trusted certificates in PEM. */
  cacert: z.optional(z.string()),
};

const schema = z.strictObject(fetchShape);

/** Options as a user writes them: all optional, durations as text or milliseconds. */
export type FetchOptions = Partial<z.input<typeof schema>>;

/** Options as the program uses them: complete, parsed, readonly. */
export type ResolvedOptions = Readonly<z.output<typeof schema>>;

/** Validates and completes options. Throws a `UsageError` that names each wrong one and its form. */
export function resolveOptions(input: FetchOptions = {}): ResolvedOptions {
  return parseOptions(schema, input);
}

/** What a schema makes of options. Throws a `UsageError` that names each wrong one and its form. */
export function parseOptions<T extends z.ZodMiniType>(schema: T, input: unknown): z.output<T> {
  const result = schema.safeParse(input);
  if (result.success) {
    return result.data;
  }
  const lines = result.error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `unknown option ${issue.keys.join(', ')}`
      : `${flagName(String(issue.path[0]))}: ${issue.message}`,
  );
  throw new UsageError(lines.join('\n'));
}

/** The name of an option on the command line: `perHostRate` is `--per-host-rate`, `method` curl's `--request`. */
function flagName(key: string): string {
  return key === 'method'
    ? '--request'
    : `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
