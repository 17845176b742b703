import type { FailureCode } from '../../model/failure.ts';

/** An answer that breaks the rules of HTTP/1.1 or our limits: its connection is of no more use. */
export class ResponseError extends Error {
  override readonly name = 'ResponseError';
  readonly failureCode: FailureCode;

  constructor(message: string, failureCode: FailureCode = 'BAD_RESPONSE') {
    super(message);
    this.failureCode = failureCode;
  }
}
