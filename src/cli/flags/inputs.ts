import type { Flag } from './flag.ts';

/** What a run reads. */
export const inputFlags = {
  inputFormat: {
    flags: '--input-format <format>',
    about: 'lines, jsonl, csv or tsv, instead of telling it by name or content',
  },
  url: {
    flags: '--url <template>',
    about:
      'make the URLs of rows, as in https://api.example.com/users/{id}; {column} in -H, --json and -d too',
    secret: 'userinfo',
  },
  skip: { flags: '--skip <n>', about: 'pass over the first tasks', fallback: '0' },
  shard: {
    flags: '--shard <k/n>',
    about: 'of those left, only part k of n: the same tasks on every machine',
  },
  dedupe: { flags: '--dedupe', about: 'of those left, each request once' },
  limit: { flags: '--limit <n>', about: 'of those left, the first n' },
  ids: {
    flags: '--ids <ids>',
    about: 'fill {id} in the URLs, or look them up with --query, as in 1-1000,2000',
  },
  globoff: { flags: '-g, --globoff', about: 'take [] and {} in URLs as they are' },
} as const satisfies Record<string, Flag>;
