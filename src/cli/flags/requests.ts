import type { Flag } from './flag.ts';

/** What is sent, and how. */
export const requestFlags = {
  method: { flags: '-X, --request <method>', about: 'method (GET, or POST with a body)' },
  header: {
    flags: '-H, --header <line>',
    about: "header field 'Name: value'; 'Name:' drops a default",
    repeats: true,
    secret: 'field',
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
  next: {
    flags: '--next <rule>',
    about: "follow pages by link, '$.next' or 'cursor={$.next}'",
  },
  maxPages: { flags: '--max-pages <n>', about: 'pages fetched of one task', fallback: '1000' },
} as const satisfies Record<string, Flag>;
