/**
 * Why an attempt or a task failed: data, never an exception. `kind` groups causes for people and
 * for `--retry-on`; `code` is stable and listed in the README.
 */
export interface Failure {
  readonly kind: FailureKind;
  readonly code: FailureCode;
  /** One line for a person: what happened, and to what. */
  readonly message: string;
}

/** The stage at which it went wrong. */
export type FailureKind =
  | 'input'
  | 'dns'
  | 'connect'
  | 'tls'
  | 'timeout'
  | 'reset'
  | 'protocol'
  | 'redirect'
  | 'limit'
  | 'status'
  | 'transform'
  | 'aborted';

/** What every code stands for: its kind, and the sentence that the README gives it. */
export const failureCodes = {
  INVALID_URL: { kind: 'input', about: 'the line or argument is not a URL that can be fetched' },
  UNSUPPORTED_SCHEME: { kind: 'input', about: 'the URL is neither http nor https' },
  INVALID_TASK: { kind: 'input', about: 'the task is not what a task can be' },
  INVALID_ROW: { kind: 'input', about: 'the row cannot be read, or lacks a value that a template needs' },
  BODY_FILE: { kind: 'input', about: 'the file with the body of the request cannot be read' },

  DNS_NOT_FOUND: { kind: 'dns', about: 'the host name does not exist' },
  DNS_FAILED: { kind: 'dns', about: 'the name server did not answer or refused' },

  CONNECTION_REFUSED: { kind: 'connect', about: 'nothing listens on that port' },
  HOST_UNREACHABLE: { kind: 'connect', about: 'no route to the host or network' },
  ADDRESS_EXHAUSTED: { kind: 'connect', about: 'this machine has no free local port left' },
  TOO_MANY_OPEN_FILES: { kind: 'connect', about: 'this machine allows no further open file or socket' },
  PROXY_FAILED: { kind: 'connect', about: 'the proxy cannot be reached, or could not reach the server' },
  CONNECT_FAILED: { kind: 'connect', about: 'the connection failed for another reason' },

  CERT_EXPIRED: { kind: 'tls', about: 'the certificate is expired or not valid yet' },
  CERT_SELF_SIGNED: { kind: 'tls', about: 'the certificate is self-signed' },
  CERT_WRONG_HOST: { kind: 'tls', about: 'the certificate is for another host' },
  CERT_UNTRUSTED: { kind: 'tls', about: 'the certificate was issued by an unknown authority' },
  TLS_NO_COMMON_VERSION: { kind: 'tls', about: 'no TLS version or cipher in common with the server' },
  TLS_FAILED: { kind: 'tls', about: 'the TLS handshake failed for another reason' },

  CONNECT_TIMEOUT: { kind: 'timeout', about: 'no connection within --connect-timeout' },
  TOTAL_TIMEOUT: { kind: 'timeout', about: 'the attempt took longer than --timeout' },
  TASK_TIMEOUT: { kind: 'timeout', about: 'all attempts and waits took longer than --task-timeout' },

  CONNECTION_RESET: { kind: 'reset', about: 'the server reset the connection' },
  CONNECTION_CLOSED: { kind: 'reset', about: 'the server closed the connection before the answer was whole' },

  BAD_RESPONSE: { kind: 'protocol', about: 'the answer is not valid HTTP' },
  DECODE_FAILED: { kind: 'protocol', about: 'the body is not what Content-Encoding says' },
  UNSUPPORTED_ENCODING: { kind: 'protocol', about: 'the Content-Encoding is unknown' },
  BAD_NEXT: { kind: 'protocol', about: 'what a page says of the next one is of no use' },

  TOO_MANY_REDIRECTS: { kind: 'redirect', about: 'more redirects than --max-redirs' },
  BAD_LOCATION: { kind: 'redirect', about: 'the Location of a redirect is missing or not a http(s) URL' },

  PAGE_LOOP: { kind: 'limit', about: 'the next page is one that was fetched before' },
  BODY_TOO_LARGE: { kind: 'limit', about: 'the decoded body is larger than --max-body' },
  PRIVATE_ADDRESS: { kind: 'limit', about: 'the server has no public address, and --deny-private is set' },
  ROBOTS_DISALLOWED: { kind: 'limit', about: 'robots.txt disallows it, and --respect-robots is set' },
  ROBOTS_UNREACHABLE: {
    kind: 'limit',
    about: 'there may be a robots.txt, but it cannot be had: then nothing is allowed',
  },
  HOST_DOWN: { kind: 'limit', about: '--breaker has given the host up: every probe of it failed' },
  HEADERS_TOO_LARGE: { kind: 'limit', about: 'the header section is larger than 16 KiB' },

  PROXY_REFUSED: { kind: 'status', about: 'the proxy does not want to connect to the server' },
  PROXY_AUTH: { kind: 'status', about: 'the proxy wants a user name and password, or others' },
  HTTP_STATUS: { kind: 'status', about: 'the final status is 400 or above' },

  TRANSFORM_FAILED: { kind: 'transform', about: 'the transform threw, or says that the record is not ok' },
  TRANSFORM_TIMEOUT: { kind: 'transform', about: 'the transform took longer than --transform-timeout' },
  TRANSFORM_CRASHED: {
    kind: 'transform',
    about: 'the transform ended its worker: process.exit, out of memory, an error that nothing caught',
  },
  TRANSFORM_RESULT: { kind: 'transform', about: 'what the transform gave back cannot be a record' },

  MAYBE_SENT: {
    kind: 'aborted',
    about: 'an earlier run sent it, was killed before the answer, and may not send it twice',
  },
  ABORTED: { kind: 'aborted', about: 'the run was stopped while the task was under way' },
} as const satisfies Record<string, { kind: FailureKind; about: string }>;

/** A stable, documented name for one cause of failure. */
export type FailureCode = keyof typeof failureCodes;

/** A failure with its kind filled in from its code. */
export function failure(code: FailureCode, message: string): Failure {
  return { kind: failureCodes[code].kind, code, message };
}
