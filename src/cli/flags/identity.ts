import type { Flag } from './flag.ts';

/** Who we are: credentials, cookies and keys. */
export const identityFlags = {
  user: {
    flags: '-u, --user <name:password>',
    about: 'Basic authorization, for the hosts of the input',
    secret: 'password',
  },
  bearer: { flags: '--bearer <token>', about: 'bearer token, for the hosts of the input', secret: 'all' },
  tokenCommand: {
    flags: '--token-command <command>',
    about: 'shell command that prints a bearer token; run again before it ends and after a 401',
    runs: 'a command',
  },
  netrc: { flags: '-n, --netrc', about: 'names and passwords of hosts from ~/.netrc' },
  netrcFile: { flags: '--netrc-file <file>', about: 'names and passwords of hosts from that file' },
  cookie: {
    flags: '-b, --cookie <text>',
    about: "cookies 'a=1; b=2', or a file of them (Netscape format) when there is no =",
    repeats: true,
    secret: 'all',
  },
  cookieJar: {
    flags: '--cookie-jar <file>',
    about: 'keep the cookies of answers, and write them there in the end',
  },
  idempotencyKey: {
    flags: '--idempotency-key',
    about: 'give POST and PATCH an Idempotency-Key of their own, so that they are retried',
  },
} as const satisfies Record<string, Flag>;
