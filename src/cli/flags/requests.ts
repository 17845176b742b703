import type { Flag } from './flag.ts';

/** What is sent, and how. */
export const requestFlags = {
  method: { flags: '-X, --request <method>', about: 'method (GET, or POST with a body)' },
  header: {
    flags: '-H, --header <line>',
    about: "header field 'Name: value'; 'Name:' drops a default",
    repeats: true,
  },
  data: { flags: '-d, --data <text>', about: 'body, as a form; @FILE reads it from a file' },
  json: { flags: '--json <text>', about: 'body, as JSON; @FILE reads it from a file' },
  userAgent: {
    flags: '-A, --user-agent <name>',
    about: 'User-Agent',
    fallback: 'bulkfetch/VERSION',
  },
  maxRedirs: {
    flags: '--max-redirs <n>',
    about: 'redirects followed; 0: the redirect is the answer',
    fallback: '10',
  },
  insecure: { flags: '-k, --insecure', about: 'accept any TLS certificate' },
  cacert: {
    flags: '--cacert <file>',
    about: 'trusted certificates (PEM) instead of the usual ones',
  },
} as const satisfies Record<string, Flag>;
