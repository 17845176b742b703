import type { ResolvedOptions } from '../../model/options/options.ts';

/** Whether requests carry more than what tasks say, so that what it takes is worth loading. */
export function needsIdentity(options: ResolvedOptions): boolean {
  const { user, bearer, netrc, netrcFile, tokenCommand, cookie, cookieJar, idempotencyKey } = options;
  const texts = [user, bearer, netrcFile, tokenCommand, cookieJar];
  return netrc || idempotencyKey || cookie.length > 0 || texts.some((text) => text !== undefined);
}
