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
  BODY_FILE: { kind: 'input', about: 'the file with the body of the request cannot be read' },

  DNS_NOT_FOUND: { kind: 'dns', about: 'the host name does not exist' },
  DNS_FAILED: { kind: 'dns', about: 'the name server did not answer or refused' },

  CONNECTION_REFUSED: { kind: 'connect', about: 'nothing listens on that port' },
  HOST_UNREACHABLE: { kind: 'connect', about: 'no route to the host or network' },
  ADDRESS_EXHAUSTED: { kind: 'connect', about: 'this machine has no free local port left' },
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

  BAD_RESPONSE: { kind: 'protocol', about: 'the answer is not valid HTTP/1.1' },
  DECODE_FAILED: { kind: 'protocol', about: 'the body is not what Content-Encoding says' },
  UNSUPPORTED_ENCODING: { kind: 'protocol', about: 'the Content-Encoding is unknown' },

  TOO_MANY_REDIRECTS: { kind: 'redirect', about: 'more redirects than --max-redirs' },
  BAD_LOCATION: { kind: 'redirect', about: 'the Location of a redirect is missing or not a http(s) URL' },

  BODY_TOO_LARGE: { kind: 'limit', about: 'the decoded body is larger than --max-body' },
  HEADERS_TOO_LARGE: { kind: 'limit', about: 'the header section is larger than 16 KiB' },
  TOO_MANY_OPEN_FILES: { kind: 'limit', about: 'this machine allows no further open file or socket' },

  HTTP_STATUS: { kind: 'status', about: 'the final status is 400 or above' },

  ABORTED: { kind: 'aborted', about: 'the run was stopped while the task was under way' },
} as const satisfies Record<string, { kind: FailureKind; about: string }>;

/** A stable, documented name for one cause of failure. */
export type FailureCode = keyof typeof failureCodes;

/** A failure with its kind filled in from its code. */
export function failure(code: FailureCode, message: string): Failure {
  return { kind: failureCodes[code].kind, code, message };
}
