import { PrivateAddressError } from '../http/deny-private.ts';
import { ProxyError } from '../http/proxy/proxy-error.ts';
import { ResponseError } from '../http/response-error.ts';
import { failure, type Failure, type FailureCode } from '../../model/failure.ts';

/** How far an exchange had come: it names errors that do not name themselves. */
export type Phase = 'dns' | 'connect' | 'tls' | 'request' | 'response';

/** What is known about the exchange that failed. */
export interface FailureContext {
  readonly phase: Phase;
  /** Whom it was with, for the message: a host name or an origin. */
  readonly host: string;
}

/**
 * The failure that stands for an error of the network, of TLS or of undici (codes: Node's `errors`,
 * OpenSSL's `x509_txt.c`, undici's `core/errors.js`). Every other error is a bug and is thrown again.
 */
export function classifyError(error: unknown, { phase, host }: FailureContext): Failure {
  if (error instanceof ResponseError || error instanceof PrivateAddressError) {
    return failure(error.failureCode, `${host}: ${error.message}`);
  }
  if (error instanceof ProxyError) {
    const code = codeOf(error.cause);
    const why = error.cause === undefined ? error.message : detailOf(error.cause, code);
    return failure(
      ownLimits.get(code ?? '') ?? error.failureCode,
      `${host}: proxy ${error.proxyName}: ${why}`,
    );
  }
  const code = codeOf(error);
  if (!(error instanceof Error) || isBug(error, code)) {
    throw error;
  }
  return failure(failureCodeOf(error, code ?? '', phase), `${host}: ${detailOf(error, code)}`);
}

/** What this machine refuses, whoever is called. */
const ownLimits: ReadonlyMap<string, FailureCode> = new Map([
  ['EADDRNOTAVAIL', 'ADDRESS_EXHAUSTED'],
  ['EMFILE', 'TOO_MANY_OPEN_FILES'],
  ['ENFILE', 'TOO_MANY_OPEN_FILES'],
]);

const exact: ReadonlyMap<string, FailureCode> = new Map([
  ...ownLimits,
  ['ENOTFOUND', 'DNS_NOT_FOUND'],
  ['ENODATA', 'DNS_NOT_FOUND'],
  ['ESERVFAIL', 'DNS_FAILED'],

  ['ECONNREFUSED', 'CONNECTION_REFUSED'],
  ['EHOSTUNREACH', 'HOST_UNREACHABLE'],
  ['EHOSTDOWN', 'HOST_UNREACHABLE'],
  ['ENETUNREACH', 'HOST_UNREACHABLE'],
  ['ENETDOWN', 'HOST_UNREACHABLE'],
  ['UND_ERR_CONNECT_TIMEOUT', 'CONNECT_TIMEOUT'],

  ['CERT_HAS_EXPIRED', 'CERT_EXPIRED'],
  ['CERT_NOT_YET_VALID', 'CERT_EXPIRED'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_SELF_SIGNED'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'CERT_WRONG_HOST'],
  ['HOSTNAME_MISMATCH', 'CERT_WRONG_HOST'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'CERT_UNTRUSTED'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'CERT_UNTRUSTED'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'CERT_UNTRUSTED'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'CERT_UNTRUSTED'],
  ['CERT_UNTRUSTED', 'CERT_UNTRUSTED'],
  ['INVALID_CA', 'CERT_UNTRUSTED'],
  ['EPROTO', 'TLS_FAILED'],

  ['ECONNRESET', 'CONNECTION_RESET'],
  ['ECONNABORTED', 'CONNECTION_RESET'],
  ['EPIPE', 'CONNECTION_RESET'],
  ['UND_ERR_SOCKET', 'CONNECTION_CLOSED'],
  ['UND_ERR_INFO', 'CONNECTION_CLOSED'],

  ['UND_ERR_HEADERS_OVERFLOW', 'HEADERS_TOO_LARGE'],
  ['HPE_HEADER_OVERFLOW', 'HEADERS_TOO_LARGE'],

  ['UND_ERR_ABORT', 'ABORTED'],
  ['UND_ERR_ABORTED', 'ABORTED'],
  ['UND_ERR_DESTROYED', 'ABORTED'],
  ['UND_ERR_CLOSED', 'ABORTED'],
]);

/** What getaddrinfo says of a name without an address (RFC 3493, 6.1; Node makes ENOTFOUND of most). */
const noSuchName: ReadonlySet<string> = new Set(['EAI_NONAME', 'EAI_NODATA', 'EAI_ADDRFAMILY']);

/** OpenSSL's words for two sides that cannot agree; the names differ between its versions. */
const noCommonVersion =
  /^ERR_SSL_.*(PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS_AVAILABLE|VERSION_TOO_LOW|HANDSHAKE_FAILURE|NO_SHARED_CIPHER|INSUFFICIENT_SECURITY)$/;

const byPhase = {
  dns: 'DNS_FAILED',
  connect: 'CONNECT_FAILED',
  tls: 'TLS_FAILED',
  request: 'BAD_RESPONSE',
  response: 'BAD_RESPONSE',
} as const satisfies Record<Phase, FailureCode>;

function failureCodeOf(error: Error, code: string, phase: Phase): FailureCode {
  if (code === 'UND_ERR_SOCKET' && error.message.startsWith('bad ')) {
    return 'BAD_RESPONSE'; // an answer that nobody asked for: undici has no code of its own for it
  }
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') {
    // In a body: it ended early. undici says this of every malformed head with a Content-Length, too.
    return phase === 'response' ? 'CONNECTION_CLOSED' : 'BAD_RESPONSE';
  }
  if (error.name === 'HTTPParserError' && error.message.includes('Invalid EOF state')) {
    return 'CONNECTION_CLOSED'; // the end of the connection came before that of the answer
  }
  if (code.startsWith('EAI_')) {
    return noSuchName.has(code) ? 'DNS_NOT_FOUND' : 'DNS_FAILED';
  }
  if (code === 'ETIMEDOUT') {
    // The system gave up: on a peer that never answered, or on one that fell silent.
    return phase === 'request' || phase === 'response' ? 'CONNECTION_RESET' : 'CONNECT_TIMEOUT';
  }
  if (code.startsWith('ERR_SSL_')) {
    return noCommonVersion.test(code) ? 'TLS_NO_COMMON_VERSION' : 'TLS_FAILED';
  }
  return exact.get(code) ?? byPhase[phase];
}

/** An error without a code, of a class that means a mistake, or about what we asked of undici. */
function isBug(error: Error, code: string | undefined): boolean {
  if (error.name === 'HTTPParserError') {
    return false; // undici leaves its code out
  }
  const isMistake = error instanceof TypeError || error instanceof RangeError;
  return code === undefined || isMistake || ourMistakes.has(code);
}

const ourMistakes: ReadonlySet<string> = new Set([
  'ERR_ASSERTION',
  'UND_ERR_INVALID_ARG',
  'UND_ERR_INVALID_RETURN_VALUE',
  'UND_ERR_NOT_SUPPORTED',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
]);

/**
 * With several addresses tried in vain (RFC 8305), the first one's code stands for all: the first that
 * this machine could reach, for many have no IPv6.
 */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) {
    return undefined;
  }
  if (error instanceof AggregateError) {
    const codes = error.errors.map(codeOf);
    return codes.find((code) => !noSuchFamily.has(code)) ?? codes[0];
  }
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const noSuchFamily: ReadonlySet<string | undefined> = new Set([
  'EADDRNOTAVAIL',
  'EAFNOSUPPORT',
  'ENETUNREACH',
]);

/** One line: OpenSSL's reason without its file names, or the message. */
function detailOf(error: Error, code: string | undefined): string {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return [...new Set(error.errors.map((one) => (one instanceof Error ? one.message : String(one))))].join(
      ', ',
    );
  }
  if (code?.startsWith('ERR_SSL_') === true && 'reason' in error && typeof error.reason === 'string') {
    return error.reason;
  }
  return (error.message || code || error.name)
    .replace(/ - Local \(.*\)$/, '') // the end of the connection that there is not
    .trim()
    .replaceAll(/\s+/g, ' ');
}
