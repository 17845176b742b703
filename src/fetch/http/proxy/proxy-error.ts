import type { FailureCode } from '../../../model/failure.ts';
import type { Proxy } from '../../../model/proxy/proxy.ts';

/** The way through a proxy could not be opened. Where there is a cause, it says why; else the message. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  readonly proxyName: string;
  readonly failureCode: FailureCode;
  override readonly cause: Error | undefined;

  constructor(proxy: Proxy, failureCode: FailureCode, message: string, cause?: Error) {
    super(message);
    this.cause = cause;
    this.proxyName = proxy.name;
    this.failureCode = failureCode;
  }
}

/** What a proxy says that wants to know who we are, or somebody else. */
export function unauthorized(proxy: Proxy): ProxyError {
  const message =
    proxy.credentials === undefined
      ? 'it wants a user name and password'
      : 'it does not accept the user name and password';
  return new ProxyError(proxy, 'PROXY_AUTH', message);
}
