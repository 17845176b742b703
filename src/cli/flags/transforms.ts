import type { Flag } from './flag.ts';

/** What records go through on their way to the outputs. */
export const transformFlags = {
  transform: {
    flags: '--transform <file|name>',
    about: 'put records through ./hash.ts, or a built-in such as hash:sha256, on other cores; repeatable',
    repeats: true,
    runs: 'a transform',
  },
  transformWorkers: {
    flags: '--transform-workers <n>',
    about: 'threads that transforms run on, instead of one less than there are cores',
  },
  transformTimeout: {
    flags: '--transform-timeout <time>',
    about: 'limit of the transforms of one record; 0: none',
    fallback: '30s',
  },
  omitDropped: {
    flags: '--omit-dropped',
    about: 'no line for what transforms drop (such a run cannot be resumed)',
  },
} as const satisfies Record<string, Flag>;
