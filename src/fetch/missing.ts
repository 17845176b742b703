import type { Proxy } from '../model/proxy/proxy.ts';
import type { Phase } from './policy/classify.ts';

/** What had not come when time was up, and through which proxy. */
export function missingAt(phase: Phase, proxy: Proxy | undefined): string {
  const isAtProxy = phase === 'dns' || phase === 'connect';
  return proxy !== undefined && isAtProxy ? `${missing[phase]} through proxy ${proxy.name}` : missing[phase];
}

const missing = {
  dns: 'no address',
  connect: 'no connection',
  tls: 'no TLS handshake',
  request: 'no answer',
  response: 'no whole answer',
} as const satisfies Record<Phase, string>;
