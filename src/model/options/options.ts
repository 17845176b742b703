import * as z from 'zod/mini';
import { breakerRule } from './breaker-rule.ts';
import { noProxyList, pins, proxyUrl } from './connection-forms.ts';
import { UsageError } from '../errors.ts';
import { bearerForm, bearerToken, token } from '../field.ts';
import {
  bytes,
  causes,
  count,
  countFrom0,
  countOrAuto,
  duration,
  factor,
  nextRule,
  rate,
  share,
} from './forms.ts';

export type { RetryCause } from './forms.ts';

/**
 * Every option of a fetch: its form, its default and, by inference, its type. The command line, and
 * later the configuration file and the environment, go through here; inside, all is complete.
 * Times are milliseconds, sizes bytes, rates per second; as text they carry a unit (`10s`).
 */
export const fetchShape = {
  /** Tasks in flight at once, over all hosts; `auto` finds a number for each host by itself. */
  concurrency: z._default(countOrAuto, 50),
  /** Tasks in flight at once to one origin. */
  perHost: z.optional(count),
  /** Attempts started per second, over all hosts. */
  rate: z.optional(rate),
  /** Attempts started per second to one origin. */
  perHostRate: z.optional(rate),
  /** Ask each host's robots.txt what may be fetched, and how fast. */
  respectRobots: z._default(z.boolean(), false),
  /** Leave a host alone for a while when so large a share of its last attempts failed. */
  breaker: z.optional(breakerRule),
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
  /** Where answers say that the next page is; each page has a record. */
  next: z.optional(nextRule),
  /** Pages fetched of one task. */
  maxPages: z._default(count, 1000),
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
  /** `name:password` for Basic authorization; without a colon the password is empty. */
  user: z.optional(z.string()),
  bearer: z.optional(z.string().check(z.regex(bearerToken, bearerForm))),
  /** Names and passwords by host, from `~/.netrc`. */
  netrc: z._default(z.boolean(), false),
  /** From this file instead. */
  netrcFile: z.optional(z.string()),
  /** A shell command that prints a bearer token, run again when the token ends. */
  tokenCommand: z.optional(z.string().check(z.minLength(1, 'must be a command'))),
  /** Cookies as `a=1; b=2`, and, where there is no `=`, files of them in the Netscape format. */
  cookie: z._default(z.array(z.string()), []),
  /** File to which the cookies are written in the end. */
  cookieJar: z.optional(z.string()),
  /** Give requests that must not be repeated a key by which the server knows a repetition. */
  idempotencyKey: z._default(z.boolean(), false),
  /** Accept any certificate. */
  insecure: z._default(z.boolean(), false),
  /** File of trusted certificates in PEM. */
  cacert: z.optional(z.string()),
  /** File of our own certificate in PEM, for servers that ask for one; `FILE:PASSWORD` too. */
  cert: z.optional(z.string()),
  /** File of its private key; absent: it is in the file of the certificate. */
  key: z.optional(z.string()),
  /** What the private key is encrypted with. */
  pass: z.optional(z.string()),
  /** What connections go through. Empty: nothing, whatever the environment says. */
  proxy: z.optional(proxyUrl),
  /** Hosts that are reached without it. */
  noproxy: z.optional(noProxyList),
  /** `HOST:PORT:ADDRESS` entries that come before DNS. */
  resolve: z._default(pins, new Map()),
  /** Connect to IPv4 addresses only. */
  ipv4: z._default(z.boolean(), false),
  /** Connect to IPv6 addresses only. */
  ipv6: z._default(z.boolean(), false),
  /** HTTP/2 with the servers that speak it over TLS. */
  http2: z._default(z.boolean(), false),
  /** HTTP/2 without TLS too: the servers of http URLs are known to speak it. */
  http2PriorKnowledge: z._default(z.boolean(), false),
  /** Connect to public addresses only. */
  denyPrivate: z._default(z.boolean(), false),
  /** Use connections again; else each attempt has its own. */
  reuse: z._default(z.boolean(), true),
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
  const result = schema.safeParse(input, { error: kindForm });
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

/** The form of a value of the wrong type, where the schema has no message of its own. */
function kindForm({ code, expected }: z.core.$ZodRawIssue): string | undefined {
  const kinds: Readonly<Record<string, string>> = {
    string: 'text',
    boolean: 'true or false',
    array: 'a list',
    object: 'an object of options',
  };
  const kind = code === 'invalid_type' && typeof expected === 'string' ? kinds[expected] : undefined;
  return kind === undefined ? undefined : `must be ${kind}`;
}

/** The name of an option on the command line: `perHostRate` is `--per-host-rate`, `method` curl's `--request`. */
function flagName(key: string): string {
  return key === 'method'
    ? '--request'
    : `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
