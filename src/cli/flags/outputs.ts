import type { Flag } from './flag.ts';

/** What a run writes. */
export const outputFlags = {
  output: { flags: '-o, --output <file>', about: 'write records there instead of standard output' },
  summary: { flags: '--summary <file>', about: 'write the summary there as JSON' },
  progress: {
    flags: '--progress',
    about: 'show progress even when standard error is no terminal',
    negatable: 'show no progress',
  },
  quiet: { flags: '-q, --quiet', about: 'no progress and no summary on standard error' },
} as const satisfies Record<string, Flag>;
