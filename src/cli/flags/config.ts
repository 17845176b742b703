import type { Flag } from './flag.ts';

/** Which configuration file is read. */
export const configFlags = {
  config: {
    flags: '--config <file>',
    about: 'read options from that file instead of bulkfetch.config.json',
    negatable: 'read no configuration file',
  },
} as const satisfies Record<string, Flag>;
