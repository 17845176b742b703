import { messageOf } from '../../model/errors.ts';
import { AwayError, RefusedError, StatementError } from '../errors.ts';

/** What was being done when something failed. */
export type Work = 'connecting' | 'reading' | 'writing';

/**
 * What a failure of the server or of the connection to it means. What is none of the two is a bug, and
 * given back as it is.
 */
export function faultOf(error: unknown, work: Work): unknown {
  if (!(error instanceof Error) || error instanceof AwayError || error instanceof RefusedError) {
    return error;
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if ('severity' in error) {
    return answerFault(error, code, work);
  }
  if (code.startsWith('ERR_TLS') || certificateCodes.test(code) || noTls.test(error.message)) {
    const hint = certificateCodes.test(code)
      ? '; sslrootcert=FILE trusts it, sslmode=no-verify everyone'
      : '';
    return new StatementError(`${error.message}${hint}`, { cause: error });
  }
  if (error.name === 'NoPasswordError') {
    return new StatementError(error.message, { cause: error });
  }
  return 'syscall' in error || error instanceof AggregateError || lost.test(error.message) || code === 'EPIPE'
    ? new AwayError(connectionMessage(error), { cause: error })
    : error;
}

/** What the server says by its SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html */
function answerFault(error: Error, code: string, work: Work): Error {
  const message = `${error.message} (${code})`;
  if ('routine' in error && error.routine === 'exec_bind_message' && code === '08P01') {
    const [given = '?', places = '?'] = error.message.match(/\d+/g) ?? [];
    return new StatementError(`it has places for ${places} values, and is given ${given}`, { cause: error });
  }
  if (away.test(code)) {
    return new AwayError(message, { cause: error });
  }
  if (refused.test(code) && (work === 'writing' || isOfParameter(error))) {
    return new RefusedError(message, { cause: error });
  }
  const position = 'position' in error && work === 'reading' ? Number(error.position) : Number.NaN;
  return new StatementError(message, { cause: error, position: position > 0 ? position : undefined });
}

/**
 * The connection fails, the server shuts down or is full, or it gave one transaction up for another.
 * A statement that somebody cancelled (57014) is not: it is not wanted.
 */
const away = /^(?:08...|57P0[1235]|53200|53300|40...|55P03|25P0[34])$/;

/** True when the server has no room for another connection. */
export function isFull(error: unknown): boolean {
  return sqlState(error) === '53300';
}

/** The SQLSTATE that the server gave for a fault. */
export function sqlState(fault: unknown): string | undefined {
  const { cause } = fault instanceof Error ? fault : {};
  return cause instanceof Error && 'severity' in cause && 'code' in cause ? String(cause.code) : undefined;
}

/**
 * A value that does not fit, a constraint, a limit (of depth, of size), or a trigger that says no; and two
 * rows whose keys are the same to the server alone, as 7 and 07 are (21000).
 */
const refused = /^(?:21|22|23|54|0A|P0|44)/;

/** A value that a query was given is not of the type that is compared with it, such as a name with a number. */
function isOfParameter(error: Error): boolean {
  return 'where' in error && typeof error.where === 'string' && /\$\d/.test(error.where);
}

/** What OpenSSL says of certificates. */
const certificateCodes =
  /CERT|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER|DECRYPT)|^(?:HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)$/;

/** What `pg` says of a server without TLS, which has no code. */
const noTls = /does not support SSL|establishing an SSL connection/;

/** What `pg` says of connections, which has none either. */
const lost = /^(?:Connection terminated|timeout expired|Client (?:was closed|has encountered))|socket/i;

function connectionMessage(error: Error): string {
  if (error.message === 'timeout expired') {
    return 'no connection within 10 s';
  }
  if ('syscall' in error && (error.syscall === 'read' || error.syscall === 'write')) {
    return `the connection was lost${'code' in error ? ` (${String(error.code)})` : ''}`;
  }
  // A name with two addresses: both failed, and the error itself says nothing.
  const [first] = error instanceof AggregateError ? error.errors : [error];
  return messageOf(first).replace(/^Connection terminated.*/, 'the connection was lost');
}
