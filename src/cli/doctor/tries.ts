import type { FailureCode } from '../../model/failure.ts';
import { retryAfterMs } from './answer-findings.ts';
import { mostRequests, type Evidence } from './evidence.ts';

/** What to try when the request has failed; empty when it has not. */
export function triesOf(evidence: Evidence): readonly string[] {
  const { error, status } = evidence.first.record;
  if (error === undefined) {
    return [];
  }
  return error.code === 'HTTP_STATUS' && status !== undefined
    ? statusTries(status, evidence)
    : (tries[error.code]?.(evidence) ?? []);
}

type Tries = (evidence: Evidence) => readonly string[];

const notReached = 'is the host right, and the port? behind a firewall, a --proxy may lead out';

/** By code; what a single request cannot run into is absent. */
const tries: Partial<Record<FailureCode, Tries>> = {
  DNS_NOT_FOUND: () => [
    'is the name spelled right?',
    '--resolve HOST:PORT:ADDRESS goes to an address without asking for it',
  ],
  DNS_FAILED: () => [
    'ask again: the name server gave no answer',
    '--resolve HOST:PORT:ADDRESS does without it',
  ],
  CONNECTION_REFUSED: () => ['is the server running, and on that port?'],
  HOST_UNREACHABLE: () => [notReached, '-4 or -6, when only one of the two is connected'],
  CONNECT_FAILED: () => [notReached],
  PROXY_FAILED: ({ proxy }) => [`is ${proxy ?? 'the proxy'} right?`, "--proxy '' goes without one"],
  PROXY_REFUSED: () => ["--proxy '' goes without one, --noproxy HOST for this host only"],
  PROXY_AUTH: () => ['--proxy http://USER:PASSWORD@HOST:PORT'],
  CERT_EXPIRED: () => ['have it renewed; is the clock of this machine right?', '-k accepts any certificate'],
  CERT_SELF_SIGNED: () => [
    '--cacert FILE trusts it, if it is what it should be',
    '-k accepts any certificate',
  ],
  CERT_UNTRUSTED: () => ['--cacert FILE trusts the authority that issued it', '-k accepts any certificate'],
  CERT_WRONG_HOST: ({ handshake }) => {
    const names = handshake?.certificate?.names ?? [];
    return [
      `use a name that it is for${names.length > 0 ? `: ${names.slice(0, 5).map(bareName).join(', ')}` : ''}`,
      '-k accepts any certificate',
    ];
  },
  TLS_NO_COMMON_VERSION: () => [
    'nothing here: the server speaks what is no longer safe, and has to be renewed',
  ],
  TLS_FAILED: () => [
    'is it https that is spoken there, and not http?',
    '-E FILE shows a certificate of your own, if the server asks for one',
  ],
  CONNECT_TIMEOUT: ({ options }) => [
    `--connect-timeout ${longer(options.connectTimeout)}, if it is only slow`,
    notReached,
    '-4 or -6, when only one of the two is connected',
  ],
  TOTAL_TIMEOUT: ({ options }) => [`--timeout ${longer(options.timeout)}, if it is only slow`],
  CONNECTION_RESET: () => [
    'ask again: runs do so by themselves',
    'is it http or https that is spoken there?',
  ],
  CONNECTION_CLOSED: () => [
    'ask again: runs do so by themselves',
    'is it http or https that is spoken there?',
  ],
  BAD_RESPONSE: () => ['is it http or https that is spoken there?'],
  DECODE_FAILED: () => ["-H 'Accept-Encoding: identity' asks for no compression"],
  UNSUPPORTED_ENCODING: () => ["-H 'Accept-Encoding: gzip' asks for what is understood"],
  TOO_MANY_REDIRECTS: ({ options }) => [
    'do they go round in a circle? then a cookie may be missing (-b)',
    options.maxRedirs < mostRequests - 1
      ? `--max-redirs ${Math.min(2 * options.maxRedirs, mostRequests - 1)}`
      : `doctor sends no more than ${mostRequests} requests; runs follow as many as --max-redirs says, ${options.maxRedirs}`,
  ],
  BAD_LOCATION: () => ['--max-redirs 0 takes the redirect for the answer'],
  BODY_TOO_LARGE: (evidence) => [
    `--max-body ${largerBody(evidence)}, and --save-dir DIR to have bodies as files`,
  ],
  PRIVATE_ADDRESS: () => ['without --deny-private, if it is meant'],
};

function statusTries(status: number, evidence: Evidence): readonly string[] {
  const { first, now } = evidence;
  const waitMs = retryAfterMs(first, now);
  const when =
    waitMs === undefined ? 'later' : `in ${Math.ceil(waitMs / 1000)} s, as it says itself (Retry-After)`;
  switch (status) {
    case 401: {
      const scheme = first.record.headers?.['www-authenticate'];
      const asks = scheme === undefined ? '' : `, it asks for ${String(scheme)}`;
      return [`-u NAME:PASSWORD, --bearer TOKEN or --token-command COMMAND${asks}`, ...leftBehind(evidence)];
    }
    case 403:
      return [
        'other credentials',
        ...leftBehind(evidence),
        '-A NAME, if it does not like our User-Agent; what does its robots.txt say?',
      ];
    case 404:
    case 410:
      return ['is the path right?'];
    case 405:
      return ['the method is not for this path: runs have -X'];
    case 407:
      return ['--proxy http://USER:PASSWORD@HOST:PORT'];
    case 429:
      return [`ask again ${when}, and more slowly: --rate`];
    default:
      return status >= 500 ? [`ask again ${when}: runs do so by themselves (--retry)`] : [];
  }
}

/** `example.com` of `DNS:example.com`. */
function bareName(name: string): string {
  return name.replace(/^[^:]*:/, '');
}

/** A redirect to another host loses what says who we are. */
function leftBehind({ task, target }: Evidence): readonly string[] {
  return task.origin === target.origin
    ? []
    : [`what is for ${task.origin} was not sent on: ask for ${target.url} itself, if that is meant`];
}

/** Twice as long, in whole seconds. */
function longer(ms: number): string {
  return `${Math.max(1, Math.ceil((2 * ms) / 1000))}s`;
}

/** What the body is said to be long, or twice what was allowed. */
function largerBody({ first, options }: Evidence): string {
  const said = Number(first.record.headers?.['content-length']);
  const bytes = said > options.maxBody ? said : 2 * options.maxBody;
  return bytes < 1024 ** 2 ? `${Math.ceil(bytes / 1024)}KiB` : `${Math.ceil(bytes / 1024 ** 2)}MiB`;
}
