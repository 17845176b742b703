import type { Flag } from './flag.ts';

/** How many at once, and how fast. */
export const limitFlags = {
  concurrency: {
    flags: '-c, --concurrency <n>',
    about: 'tasks in flight at once; auto finds a number for each host',
    fallback: '50',
  },
  perHost: { flags: '--per-host <n>', about: 'tasks in flight at once to one host' },
  rate: {
    flags: '--rate <rate>',
    about: 'attempts started per second over all hosts, as in 100/s or 600/m',
  },
  perHostRate: {
    flags: '--per-host-rate <rate>',
    about: 'attempts started per second to one host',
  },
  respectRobots: {
    flags: '--respect-robots',
    about: "fetch what each host's robots.txt allows, at its Crawl-delay",
  },
  breaker: {
    flags: '--breaker <share>',
    about: 'pause a host when so many of its last attempts failed, as in 50% or 50%/30s',
  },
  queueSize: {
    flags: '--queue-size <n>',
    about: 'tasks read ahead, grouped by host',
    fallback: '10000',
  },
} as const satisfies Record<string, Flag>;

/** Time limits. */
export const timeFlags = {
  timeout: {
    flags: '--timeout <time>',
    about: 'limit of one attempt, body included',
    fallback: '10s',
  },
  connectTimeout: {
    flags: '--connect-timeout <time>',
    about: 'limit of DNS, TCP and TLS together',
    fallback: '5s',
  },
  taskTimeout: {
    flags: '--task-timeout <time>',
    about: 'limit of all attempts and waits of a task',
  },
} as const satisfies Record<string, Flag>;

/** Retries. */
export const retryFlags = {
  retry: { flags: '--retry <n>', about: 'attempts after the first', fallback: '3' },
  retryDelay: {
    flags: '--retry-delay <time>',
    about: 'wait before the first retry, times 0.5 to 1.5',
    fallback: '500ms',
  },
  retryMaxDelay: {
    flags: '--retry-max-delay <time>',
    about: 'longest wait before a retry',
    fallback: '30s',
  },
  retryFactor: {
    flags: '--retry-factor <x>',
    about: 'by how much each wait is longer than the last',
    fallback: '2',
  },
  retryOn: {
    flags: '--retry-on <causes>',
    about: 'failure kinds and statuses that are worth a retry',
    fallback: 'dns,connect,timeout,reset,408,425,429,500,502,503,504',
  },
  retryMaxTime: {
    flags: '--retry-max-time <time>',
    about: 'no retry later than this after the first attempt; caps Retry-After',
    fallback: '10m',
  },
  retryBudget: {
    flags: '--retry-budget <share>',
    about: 'most retries as a share of the requests so far, as in 20%',
  },
  retryUnsafe: {
    flags: '--retry-unsafe',
    about: 'retry POST and PATCH even when the request may have arrived',
  },
} as const satisfies Record<string, Flag>;
