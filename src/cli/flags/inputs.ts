import type { Flag } from './flag.ts';

/** What a run reads. */
export const inputFlags = {
  ids: { flags: '--ids <ids>', about: 'fill {id} in the URLs, as in 1-1000,2000' },
  globoff: { flags: '-g, --globoff', about: 'take [] and {} in URLs as they are' },
} as const satisfies Record<string, Flag>;
