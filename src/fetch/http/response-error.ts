import type { FailureCode } from '../../model/failure.ts';

/** An answer that breaks the rules of HTTP or our limits: its connection (with HTTP/2, its stream) is of no more use. */
export class ResponseError extends Error {
  override readonly name = 'ResponseError';
  readonly failureCode: FailureCode;

  constructor(message: string, failureCode: FailureCode = 'BAD_RESPONSE') {
    super(message);
    this.failureCode = failureCode;
  }
}
