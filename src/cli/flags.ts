import type { FetchOptions } from '../model/options.ts';

/** How an option stands on the command line; its form and default are the schema's (a test compares). */
export interface Flag {
  /** commander's notation: short and long name, and what it takes. */
  readonly flags: string;
  readonly about: string;
  /** The default as help shows it. */
  readonly fallback?: string;
  /** May be given several times. */
  readonly repeats?: true;
  /** Heading under which help lists it. */
  readonly group: string;
}

const limits = 'How many, how fast:';
const times = 'Time limits:';
const retries = 'Retry:';
const requests = 'Requests:';
const answers = 'Answers:';

/**
 * The flags of every command that fetches, by the option that each one sets. Plain data, so that
 * `--help` does not have to load the schema.
 */
export const fetchFlags = {
  concurrency: {
    flags: '-c, --concurrency <n>',
    about: 'tasks in flight at once',
    fallback: '50',
    group: limits,
  },
  perHost: { flags: '--per-host <n>', about: 'tasks in flight at once to one host', group: limits },
  rate: {
    flags: '--rate <rate>',
    about: 'attempts started per second over all hosts, as in 100/s or 600/m',
    group: limits,
  },
  perHostRate: {
    flags: '--per-host-rate <rate>',
    about: 'attempts started per second to one host',
    group: limits,
  },
  queueSize: {
    flags: '--queue-size <n>',
    about: 'tasks read ahead, grouped by host',
    fallback: '10000',
    group: limits,
  },

  timeout: {
    flags: '--timeout <time>',
    about: 'limit of one attempt, body included',
    fallback: '10s',
    group: times,
  },
  connectTimeout: {
    flags: '--connect-timeout <time>',
    about: 'limit of DNS, TCP and TLS together',
    fallback: '5s',
    group: times,
  },
  taskTimeout: {
    flags: '--task-timeout <time>',
    about: 'limit of all attempts and waits of a task',
    group: times,
  },

  retry: { flags: '--retry <n>', about: 'attempts after the first', fallback: '3', group: retries },
  retryDelay: {
    flags: '--retry-delay <time>',
    about: 'wait before the first retry, times 0.5 to 1.5',
    fallback: '500ms',
    group: retries,
  },
  retryMaxDelay: {
    flags: '--retry-max-delay <time>',
    about: 'longest wait before a retry',
    fallback: '30s',
    group: retries,
  },
  retryFactor: {
    flags: '--retry-factor <x>',
    about: 'by how much each wait is longer than the last',
    fallback: '2',
    group: retries,
  },
  retryOn: {
    flags: '--retry-on <causes>',
    about: 'failure kinds and statuses that are worth a retry',
    fallback: 'dns,connect,timeout,reset,408,425,429,500,502,503,504',
    group: retries,
  },
  retryMaxTime: {
    flags: '--retry-max-time <time>',
    about: 'no retry later than this after the first attempt; caps Retry-After',
    fallback: '10m',
    group: retries,
  },
  retryBudget: {
    flags: '--retry-budget <share>',
    about: 'most retries as a share of the requests so far, as in 20%',
    group: retries,
  },
  retryUnsafe: {
    flags: '--retry-unsafe',
    about: 'retry POST and PATCH even when the request may have arrived',
    group: retries,
  },

  method: { flags: '-X, --request <method>', about: 'method (GET, or POST with a body)', group: requests },
  header: {
    flags: '-H, --header <line>',
    about: "header field 'Name: value'; 'Name:' drops a default",
    repeats: true,
    group: requests,
  },
  data: { flags: '-d, --data <text>', about: 'body, as a form; @FILE reads it from a file', group: requests },
  json: { flags: '--json <text>', about: 'body, as JSON; @FILE reads it from a file', group: requests },
  userAgent: {
    flags: '-A, --user-agent <name>',
    about: 'User-Agent',
    fallback: 'bulkfetch/VERSION',
    group: requests,
  },
  maxRedirs: {
    flags: '--max-redirs <n>',
    about: 'redirects followed; 0: the redirect is the answer',
    fallback: '10',
    group: requests,
  },
  insecure: { flags: '-k, --insecure', about: 'accept any TLS certificate', group: requests },
  cacert: {
    flags: '--cacert <file>',
    about: 'trusted certificates (PEM) instead of the usual ones',
    group: requests,
  },

  body: {
    flags: '--body <form>',
    about: 'bodies in records: auto, text, json, base64 or none',
    fallback: 'auto',
    group: answers,
  },
  maxBody: {
    flags: '--max-body <size>',
    about: 'longest body, counted after decoding',
    fallback: '16MiB',
    group: answers,
  },
  ordered: {
    flags: '--ordered',
    about: 'records in input order instead of order of completion',
    group: answers,
  },
} as const satisfies Record<keyof FetchOptions, Flag>;
