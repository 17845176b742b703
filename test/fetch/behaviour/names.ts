import type { Resolve } from '../../../src/fetch/http/lookup.ts';

/** Takes every name for 127.0.0.1, so that one server stands for as many origins as a test wants. */
export const toLoopback: Resolve = (_hostname, _family, done) => {
  setImmediate(done, null, [{ address: '127.0.0.1', family: 4 }]);
};

/** `http://host0.test:port`, `http://host1.test:port` and so on. */
export function origins(port: number, count: number): string[] {
  return Array.from({ length: count }, (_, at) => `http://host${at}.test:${port}`);
}
